"""Address strings in, provinces out; what is right was decided by a person, not read off the code."""

from __future__ import annotations

import csv
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bri_pipeline.errors import UserError
from bri_pipeline.places.gazetteer import Gazetteer
from bri_pipeline.places.resolver import Resolution, Resolver, resolve_frame

HERE = Path(__file__).parent
REFERENCE = HERE.parents[1] / "data" / "reference"


def verdict(truth: str, answer: Resolution) -> str:
    """``right``, ``wrong`` (a province that is not true) or ``shrug``; ``/`` and ``|`` part accepted truths.

    ``JS`` stands for CN-JS, ``-`` (or nothing) for no place, ``?JS,ZJ`` for a true tie of these provinces. Where
    a person would accept either of two provinces, naming both as open is right, too.
    """
    accepted = truth.replace("/", "|").split("|")
    if any(_meets(one, answer, len(accepted) > 1) for one in accepted):
        return "right"
    return "wrong" if answer.province is not None else "shrug"


def _meets(truth: str, answer: Resolution, either: bool) -> bool:
    if truth == "?":
        return answer.method == "ambiguous"
    if truth in ("", "-"):
        return answer.method == "unresolved"
    if truth.startswith("?"):
        wanted = {f"CN-{code}" for code in truth[1:].split(",")}
        return answer.method == "ambiguous" and wanted <= set(answer.candidates)
    code = f"CN-{truth}"
    return answer.province == code or (either and answer.method == "ambiguous" and code in answer.candidates)


def tally(resolver: Resolver, path: Path) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {"right": [], "wrong": [], "shrug": []}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found[verdict(row["truth"], resolver.resolve(row["city_string"]))].append(row["city_string"])
    return found


@pytest.mark.parametrize(
    ("name", "strings"), [("blind_read.csv", 239), ("blind_unread.csv", 238), ("blind_later.csv", 113)]
)
def test_blind_list(resolver, name, strings):
    found = tally(resolver, HERE / name)
    count = sum(map(len, found.values()))
    assert count == strings
    assert len(found["right"]) >= 0.97 * count, found
    assert len(found["wrong"]) <= 0.01 * count, found["wrong"]


def test_shared_strings(resolver, shared):
    found = tally(resolver, shared / "facts" / "cn_city_strings.csv")
    assert len(found["right"]) >= 145
    assert not found["wrong"]


@pytest.mark.parametrize(("name", "strings"), [("hard_read.csv", 334), ("hard_unread.csv", 204)])
def test_hard_list(resolver, name, strings):
    """Upper case, spaced and glued syllables, slips inside addresses, streets and buildings, zones, junk."""
    found = tally(resolver, HERE / name)
    count = sum(map(len, found.values()))
    assert count == strings
    assert len(found["right"]) >= 0.97 * count, found
    assert len(found["wrong"]) <= 0.01 * count, found["wrong"]


def test_addresses_of_organisations(resolver):
    """Cities that Chinese organisations gave to public registers; the rest of each address says what is true.

    Districts of several cities and towns of several provinces cannot be told apart by the city field alone.
    """
    found = tally(resolver, HERE / "organisations_unread.csv")
    count = sum(map(len, found.values()))
    assert count == 252
    assert len(found["right"]) >= 0.92 * count, found
    assert len(found["wrong"]) <= 0.005 * count, found["wrong"]


@pytest.mark.parametrize(
    ("source", "strings", "right", "wrong"),
    [("IEEE register", 157, 0.96, 2), ("IEEE register street line", 527, 0.7, 16)],
)
def test_real_strings_that_no_rule_was_built_on(resolver, source, strings, right, wrong):
    """Addresses of device makers; an open answer that holds the province of a name that several have is right."""
    with (HERE / "fresh" / "china.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["source"] == source]
    assert len(rows) == strings
    found: dict[str, list[str]] = {"right": [], "wrong": [], "open": []}
    for row in rows:
        answer = resolver.resolve(row["city_string"])
        accepted = {f"CN-{one}" for one in row["truth"].split("|")}
        named = {answer.province} if answer.province is not None else set(answer.candidates)
        found["right" if named & accepted else "wrong" if answer.province else "open"].append(
            row["city_string"]
        )
    assert len(found["right"]) >= right * strings, len(found["right"])
    assert len(found["wrong"]) <= wrong, found["wrong"]


@pytest.mark.parametrize(
    ("city", "province"),
    [
        ("Changping Town", None),  # in Dongguan and elsewhere, and not Beijing's district
        ("Changping District", "CN-BJ"),
        ("Changping Town, Dongguan", "CN-GD"),
        ("Fukang Industrial Zone", None),  # a company's, in Shenzhen
        ("Nan Yang Plaza", None),
        ("Nan Fung Tower", None),  # no slip in Nantung
        ("Nanyang University", "CN-HA"),
        ("Nanhai New District", None),  # not Foshan's
        ("Tianfu New District", "CN-SC"),
        ("Jingkai District", None),  # a development zone, and no slip in Jinghai
        ("Shiyan Baoan District", "CN-GD"),
        ("DongGuan GuanDong", "CN-GD"),
        ("Xi an Xi an High-Tech Zone", "CN-SN"),
    ],
)
def test_towns_zones_and_buildings_are_not_the_division_of_their_name(resolver, city, province):
    assert resolver.resolve(city).province == province


@pytest.mark.parametrize("half", [0, 1])
def test_strings_that_inventors_really_wrote(resolver, shared, half):
    codes = {one.name: iso.removeprefix("CN-") for iso, one in resolver.gazetteer.provinces.items()}
    codes |= {"unresolved": "-", "ambiguous": "?"}
    with (shared / "facts" / "cn_real_strings.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))[half::2]
    verdicts = {
        row["city_string"]: verdict(
            "/".join(codes[truth] for truth in row["truth"].split("/")), resolver.resolve(row["city_string"])
        )
        for row in rows
    }
    assert len(verdicts) >= 70
    assert sum(one == "right" for one in verdicts.values()) >= 0.98 * len(verdicts), verdicts
    assert "wrong" not in verdicts.values(), verdicts


LARGEST_CITIES = {
    **dict.fromkeys(
        ["Guangzhou", "Shenzhen", "Dongguan", "Foshan", "Shantou", "Zhongshan", "Huizhou"], "CN-GD"
    ),
    **dict.fromkeys(["Nanjing", "Suzhou", "Wuxi", "Changzhou"], "CN-JS"),
    **dict.fromkeys(["Hangzhou", "Ningbo", "Wenzhou"], "CN-ZJ"),
    **dict.fromkeys(["Qingdao", "Jinan"], "CN-SD"),
    **dict.fromkeys(["Shenyang", "Dalian"], "CN-LN"),
    **dict.fromkeys(["Xiamen", "Fuzhou"], "CN-FJ"),
    **{"Shanghai": "CN-SH", "Beijing": "CN-BJ", "Chengdu": "CN-SC", "Tianjin": "CN-TJ", "Wuhan": "CN-HB"},
    **{"Chongqing": "CN-CQ", "Xian": "CN-SN", "Zhengzhou": "CN-HA", "Changsha": "CN-HN", "Kunming": "CN-YN"},
    **{"Harbin": "CN-HL", "Shijiazhuang": "CN-HE", "Hefei": "CN-AH", "Nanning": "CN-GX", "Nanchang": "CN-JX"},
    **{"Changchun": "CN-JL", "Taiyuan": "CN-SX", "Guiyang": "CN-GZ", "Urumqi": "CN-XJ", "Lanzhou": "CN-GS"},
}


def one_slip(name: str) -> set[str]:
    """Every word one letter dropped, added or replaced, or two neighbours swapped, away from a name."""
    letters = "abcdefghijklmnopqrstuvwxyz"
    cuts = [(name[:at], name[at:]) for at in range(len(name) + 1)]
    words = {left + right[1:] for left, right in cuts if right}
    words |= {left + right[1] + right[0] + right[2:] for left, right in cuts if len(right) > 1}
    words |= {left + letter + right[1:] for left, right in cuts if right for letter in letters}
    words |= {left + letter + right for left, right in cuts for letter in letters}
    return words - {name}


def test_one_slip_in_the_names_of_the_forty_largest_cities(resolver):
    assert len(LARGEST_CITIES) == 40
    found = {"right": 0, "wrong": 0, "shrug": 0}
    for city, iso in LARGEST_CITIES.items():
        for word in sorted(one_slip(city.lower()))[::3]:
            found[verdict(iso.removeprefix("CN-"), resolver.resolve(word.capitalize()))] += 1
    count = sum(found.values())
    assert count > 5_000
    assert found["right"] >= 0.9 * count, found
    assert found["wrong"] <= 0.0095 * count, found


def test_a_stated_confidence_is_not_above_the_share_of_right_answers(resolver):
    """Per method, over every list committed here that has ten answers or more of it."""
    stated: dict[str, list[tuple[float, bool]]] = {}
    for path in (*sorted(HERE.glob("*.csv")), HERE / "fresh" / "china.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                answer = resolver.resolve(row["city_string"])
                if answer.province is not None:
                    right = verdict(row["truth"].replace("|", "/"), answer) == "right"
                    stated.setdefault(answer.method, []).append((answer.confidence, right))
    measured = {method: answers for method, answers in stated.items() if len(answers) >= 10}
    assert {"exact", "fuzzy", "curated", "parent", "province in string", "spelling"} <= measured.keys()
    for method, answers in measured.items():
        said = sum(confidence for confidence, _ in answers) / len(answers)
        right = sum(right for _, right in answers) / len(answers)
        assert right >= said - 0.01, (method, said, right)


@pytest.mark.parametrize(
    ("city", "province"),
    [("Beining", "CN-BJ"), ("Tianjun", None), ("Nanjiang", None), ("Wuan", "CN-HE"), ("Nanping", "CN-FJ")],
)
def test_a_small_place_one_slip_from_a_large_city_is_less_sure_or_open(resolver, city, province):
    answer = resolver.resolve(city)
    assert answer.province == province
    assert answer.confidence < 0.9
    assert resolver.resolve(f"{city} County").province != "CN-BJ"


def test_no_place_that_a_slip_in_a_larger_city_spells_is_believed_nine_times_in_ten(resolver):
    """Over every slip in the names of the forty largest cities; these few are large themselves."""
    believed = {
        word
        for city, iso in LARGEST_CITIES.items()
        for word in one_slip(city.lower()) & resolver.gazetteer.known
        for answer in [resolver.resolve(word.capitalize())]
        if answer.method == "exact" and answer.province != iso and answer.confidence >= 0.9
    }
    assert believed == {"nanjing", "hangzhou", "xuzhou", "hongshan", "haizhou"}


@pytest.mark.parametrize(
    ("city", "province"),
    [
        ("TAIGU SHNAXI", "CN-SX"),  # a county, and its province misspelt
        ("Haidina District", "CN-BJ"),
        ("Changhsa", "CN-HN"),  # and not Changhua in Taiwan
        ("Keijing", "CN-BJ"),  # and not Kei Ling in Hong Kong
    ],
)
def test_slips_in_districts_and_in_a_province_beside_its_county(resolver, city, province):
    assert resolver.resolve(city).province == province


@pytest.mark.parametrize(
    ("city", "province"),
    [
        ("LANGAO RODE SHANGHAI", "CN-SH"),
        ("Block A, Hefei Building, Shenzhen", "CN-GD"),
        ("Wuxi Mansion, Chengdu", "CN-SC"),
        ("Lanxi Li, Qingdao", "CN-SD"),
        ("AN ZHEN XI LI BEIJING", "CN-BJ"),
        ("WENZHOU ZHENJIANG PROVINCE", "CN-ZJ"),
        ("QINGDAO SHANGDONG PROVINCE", "CN-SD"),
        ("XAN SHANXI", "CN-SN"),
        ("Taiyan, Shanxi", "CN-SX"),
        ("CHENG DO", "CN-SC"),
        ("Guandong", "CN-GD"),
        ("SHENZHENGUANGDONG", "CN-GD"),
        ("HAIDIANDISTRICTBEIJING", "CN-BJ"),
    ],
)
def test_a_province_or_large_city_wins_over_streets_villages_and_slips(resolver, city, province):
    assert resolver.resolve(city).province == province


@pytest.mark.parametrize("city", ["FUXING INVESTMENT DISTRICT", "Anjing", "Fujia"])
def test_small_places_among_other_words_and_even_odds_stay_open(resolver, city):
    assert resolver.resolve(city).province is None


@pytest.mark.parametrize(
    ("city", "region", "province", "place", "method"),
    [
        ("Nanjing", None, "CN-JS", "Nanjing", "exact"),
        ("Kunshan City", None, "CN-JS", "Suzhou", "exact"),
        ("Wuzhong District, Suzhou", None, "CN-JS", "Suzhou", "parent"),
        ("Gulou District, Xuzhou", None, "CN-JS", "Xuzhou", "parent"),
        ("Soochow", None, "CN-JS", "Suzhou", "curated"),
        ("Shenzehn", None, "CN-GD", "Shenzhen", "fuzzy"),
        ("Taizhou", "Zhejiang", "CN-ZJ", "Taizhou", "region field"),
        ("Taizhou 225300", None, "CN-JS", "Taizhou", "post code"),
        ("Suzhou", None, "CN-JS", "Suzhou", "dominant"),
        ("Jiangsu", None, "CN-JS", None, "province"),
        ("Suzhou, Anhui", None, "CN-AH", "Suzhou", "province in string"),
        ("Xi'an, Shanxi", None, "CN-SN", "Xi'an", "province in string"),
        ("Tongji University", None, "CN-SH", "Shanghai", "institution"),
        ("Kowloon", None, "CN-HK", None, "hong kong"),
        ("Coloane", None, "CN-MO", None, "macau"),
        ("Rua de Cantão, Macau", None, "CN-MO", None, "macau"),
        ("Avenida Xian Xing Hai", None, "CN-MO", None, "macau"),
        ("Hsinchu, Taiwan", None, "CN-TW", None, "taiwan"),
        ("Foo", "JS", "CN-JS", None, "region field"),
        (None, "Nanjing, Jiangsu", "CN-JS", "Nanjing", "region field"),
        ("Nanjing Road, Shanghai", None, "CN-SH", "Shanghai", "province"),
        ("Wuhan University of Technology, Shenzhen", None, "CN-GD", "Shenzhen", "exact"),
        ("Changan Town, Dongguan", None, "CN-GD", "Dongguan", "parent"),
        ("江苏省苏州市吴中区", None, "CN-JS", "Suzhou", "province in string"),
        ("安阳", None, "CN-HA", "Anyang", "exact"),  # the city, not the town in Zhejiang
        ("中山", None, "CN-GD", "Zhongshan", "exact"),
        ("Nanjing\n          City", None, "CN-JS", "Nanjing", "exact"),
    ],
)
def test_answer_says_how(resolver, city, region, province, place, method):
    answer = resolver.resolve(city, region)
    assert (answer.province, answer.city, answer.method) == (province, place, method)
    assert 0.5 <= answer.confidence <= 1


@pytest.mark.parametrize(
    ("city", "candidates"),
    [
        ("Taizhou", {"CN-JS", "CN-ZJ"}),
        ("Chaoyang District", {"CN-BJ", "CN-GD", "CN-JL"}),
        ("Gulou", {"CN-JS", "CN-FJ", "CN-HA"}),
        ("安丰镇", {"CN-JS", "CN-AH"}),
        ("朝阳", {"CN-BJ", "CN-LN", "CN-JL"}),  # a city and two districts, not the villages of that name
        ("长安镇", {"CN-GD", "CN-JL", "CN-AH", "CN-HN", "CN-ZJ"}),  # of most, the population is not known
        ("Nanjing, Zhejiang", {"CN-JS", "CN-ZJ"}),
        ("Beijing, Shanghai", {"CN-BJ", "CN-SH"}),
    ],
)
def test_ties_stay_open(resolver, city, candidates):
    answer = resolver.resolve(city)
    assert (answer.province, answer.method, answer.confidence) == (None, "ambiguous", 0)
    assert set(answer.candidates) == candidates
    assert len(answer.candidate_cities) == len(answer.candidates)


@pytest.mark.parametrize(
    "city", [None, "", "  ", "N/A", "China", "PRC", "Tokyo", "Santa Clara, CA", "??", "12345"]
)
def test_no_place(resolver, city):
    answer = resolver.resolve(city)
    assert (answer.province, answer.method, answer.candidates) == (None, "unresolved", ())
    assert answer.note


def test_frame_keeps_the_strings_and_adds_the_answers(resolver):
    strings = pl.DataFrame(
        {"city_raw": ["Wuxi", "Taizhou", None], "region_raw": [None, None, "N/A"], "inventors": [5, 2, 1]},
        schema={"city_raw": pl.String, "region_raw": pl.String, "inventors": pl.Int64},
    )
    found = resolve_frame(resolver, strings)
    assert found["inventors"].to_list() == [5, 2, 1]
    assert found["province"].to_list() == ["CN-JS", None, None]
    assert found["method"].to_list()[1:] == ["ambiguous", "unresolved"]
    assert found["candidates"].to_list() == [["CN-JS"], ["CN-JS", "CN-ZJ"], []]
    assert found["candidate_cities"].to_list() == [["Wuxi"], ["Taizhou", "Taizhou"], []]


def test_an_empty_frame_has_the_columns(resolver):
    strings = pl.DataFrame(schema={"city_raw": pl.String, "region_raw": pl.String, "inventors": pl.Int64})
    found = resolve_frame(resolver, strings)
    assert found.schema["candidates"] == pl.List(pl.String)
    assert found.height == 0


ANY_TEXT = st.one_of(st.none(), st.text(max_size=40))
_PIECES = (
    "Nan jing Su zhou Xian City Shi District County , ( . Road 210000 HK University Jiangsu JS 市 江苏 南京 路 Nanjin "
    "Foo - ' CN China Tokyo CN-ZJ"
)
PIECES = st.sampled_from(_PIECES.split())


@given(city=st.one_of(ANY_TEXT, st.lists(PIECES, max_size=7).map(" ".join)), region=ANY_TEXT)
@settings(deadline=None)
def test_any_text_gets_a_consistent_answer(resolver, city, region):
    answer = resolver.resolve(city, region)
    assert (answer.province is None) == (answer.method in ("ambiguous", "unresolved"))
    assert answer.province is None or answer.candidates[0] == answer.province
    assert answer.method != "ambiguous" or len(answer.candidates) > 1
    assert len(set(answer.candidates)) == len(answer.candidates)


@pytest.fixture
def own_reference(tmp_path):
    """A reference folder that a test may change, without towns, which take most of the time that loading takes."""
    for path in REFERENCE.iterdir():
        if path.is_file() and not path.name.startswith(_OF_OTHER_COUNTRIES):
            lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
            is_short = path.name in ("gazetteer_cn_townships.tsv", "foreign_cities.txt")
            kept = lines[:2] if is_short else (line for line in lines if not line.startswith("town\t"))
            (tmp_path / path.name).write_text("".join(kept), encoding="utf-8")
    return tmp_path


_OF_OTHER_COUNTRIES = ("gazetteer_world", "world_localities", "quarters", "german_municipalities", "land_")


def test_reviewed_strings_win(own_reference):
    header = "city_raw,region_raw,province,city,reviewer,note\n"
    rows = "Taizhou,,CN-ZJ,Taizhou,LW,seen on the document\nNanjing,XX,,,LW,not in China\n"
    (own_reference / "place_overrides.csv").write_text(header + rows, encoding="utf-8")
    resolver = Resolver.load(own_reference)
    answer = resolver.resolve("TAIZHOU", None)
    assert (answer.province, answer.method, answer.confidence) == ("CN-ZJ", "override", 1)
    assert answer.note == "seen on the document (LW)"
    assert resolver.resolve("Taizhou", "somewhere").method == "override"
    refused = resolver.resolve("Nanjing", "XX")
    assert (refused.province, refused.method) == (None, "override")
    assert resolver.resolve("Nanjing", None).province == "CN-JS"


def test_overrides_that_contradict_each_other_are_named_with_their_lines(own_reference):
    (own_reference / "place_overrides.csv").write_text(
        "city_raw,region_raw,province,city,reviewer,note\n"
        "Foobarville,,CN-JS,Nanjing,AB,x\nWuxi,,CN-JS,Wuxi,AB,\nFOOBARVILLE ,,CN-ZJ,Hangzhou,CD,y\n",
        encoding="utf-8",
    )
    with pytest.raises(
        UserError,
        match=r"place_overrides\.csv, lines 2 and 4: 'FOOBARVILLE' is decided twice, as CN-JS, Nanjing",
    ):
        Resolver.load(own_reference)


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("Foobarville,,CN-ZJ,Nanjing,AB,x", "Nanjing is in CN-.*CN-JS.*, not in CN-ZJ; correct"),
        (",,CN-JS,Nanjing,AB,x", "city_raw and region_raw are empty"),
    ],
)
def test_an_override_that_contradicts_itself_or_is_about_nothing_is_refused(own_reference, row, words):
    (own_reference / "place_overrides.csv").write_text(
        f"city_raw,region_raw,province,city,reviewer,note\nTaizhou,,CN-ZJ,Taizhou,AB,\nFoo,,CN-ZJ,Nowhere,AB,\n{row}\n",
        encoding="utf-8",
    )
    with pytest.raises(UserError, match=rf"place_overrides\.csv, line 4: {words}"):
        Resolver.load(own_reference)


def test_overrides_said_twice_alike_are_no_contradiction(own_reference):
    (own_reference / "place_overrides.csv").write_text(
        "city_raw,region_raw,province,city,reviewer,note\nFoo,,CN-JS,Nanjing,AB,x\nfoo,,CN-JS,Nanjing,CD,y\n",
        encoding="utf-8",
    )
    assert Resolver.load(own_reference).resolve("Foo").province == "CN-JS"


def test_overrides_saved_by_excel_are_read_or_refused_by_name(own_reference):
    overrides = own_reference / "place_overrides.csv"
    text = "city_raw,region_raw,province,city,reviewer,note\nFoobarville,,CN-JS,Nanjing,Müller,x\n"
    overrides.write_bytes(text.encode("utf-8-sig"))
    assert Resolver.load(own_reference).resolve("Foobarville").province == "CN-JS"
    overrides.write_bytes(text.encode("cp1252"))
    with pytest.raises(UserError, match=r"place_overrides\.csv"):
        Resolver.load(own_reference)
    overrides.write_text(text.replace(",", ";"), encoding="utf-8-sig")
    with pytest.raises(UserError, match="semicolons"):
        Resolver.load(own_reference)


def test_a_wrong_province_in_a_hand_kept_file_is_named(own_reference):
    (own_reference / "place_overrides.csv").write_text(
        "city_raw,region_raw,province,city,reviewer,note\nWuxi,,Jiangsu,Wuxi,LW,\n", encoding="utf-8"
    )
    with pytest.raises(UserError, match=r"place_overrides.csv, line 2: 'Jiangsu' is no province"):
        Resolver.load(own_reference)


def test_a_missing_column_and_a_missing_file_are_named(own_reference):
    (own_reference / "place_ties.csv").write_text("spelling,provinces\n", encoding="utf-8")
    with pytest.raises(
        UserError, match=r"place_ties\.csv, line 1: the columns suffix, verdict, note are missing"
    ):
        Gazetteer.load(own_reference)
    (own_reference / "place_ties.csv").unlink()
    with pytest.raises(UserError, match=r"place_ties\.csv is missing"):
        Gazetteer.load(own_reference)
