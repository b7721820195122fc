"""Study files: what is read, and what a wrong one is told."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from bri_pipeline.errors import UserError
from bri_pipeline.study import Stage, last_whole_year, list_studies, load_study

MINIMAL = """\
name = "mine"
focal_country = "CN"
window = { start = 2010-01-01, end = 2012-06-30 }
partners = ["SG", "IN"]
"""


def written(folder: Path, text: str) -> str:
    path = folder / "mine.toml"
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_the_shipped_studies_load() -> None:
    assert list(list_studies()) == ["china-g7", "india-eu", "jiangsu-2018", "live", "worked-example"]
    founding = load_study("jiangsu-2018")
    assert len(founding.partners) == 65
    assert len(founding.searched) == 62
    assert {partner.iso2 for partner in founding.partners if not partner.searched} == {"PS", "RS", "ME"}
    assert list(founding.years) == list(range(2001, 2019))
    assert founding.source.path is not None and founding.source.path.is_dir()
    live = load_study("live")
    assert live.window_end is None and live.last_year == date.today().year


def test_defaults_of_a_minimal_study(tmp_path: Path) -> None:
    study = load_study(written(tmp_path, MINIMAL))
    assert study.kinds == ("A1", "A2", "A9")
    assert study.growth_years == (2010, 2012)
    assert study.stages == ()
    assert study.source.kind == "weekly_xml" and study.source.path is None
    assert [partner.name for partner in study.partners] == ["Singapore", "India"]
    assert study.focal_countries == {"CN"}


def test_grants_count_other_kinds(tmp_path: Path) -> None:
    assert load_study(written(tmp_path, MINIMAL + 'documents = "grants"\n')).kinds == ("B1", "B2")


def test_hong_kong_as_cn_adds_its_code(tmp_path: Path) -> None:
    assert load_study(written(tmp_path, MINIMAL + "hong_kong_as_cn = true\n")).focal_countries == {"CN", "HK"}


def test_a_source_path_is_looked_up_beside_the_file_first(tmp_path: Path) -> None:
    (tmp_path / "files").mkdir()
    study = load_study(written(tmp_path, MINIMAL + '[source]\npath = "files"\n'))
    assert study.source.path == (tmp_path / "files").resolve()


def group_of(folder: Path, rows: str, name: str = "group.csv") -> Path:
    path = folder / name
    path.write_text(f"iso2,name,region,searched,note\n{rows}", encoding="utf-8")
    return path


def with_group(folder: Path, name: str = "group.csv") -> str:
    return written(folder, MINIMAL.replace('["SG", "IN"]', f'"{name}"'))


def test_a_group_of_ones_own_is_read_from_its_path(tmp_path: Path) -> None:
    group_of(tmp_path, "SG,Singapore,Southeast Asia,yes,\r\nMY,,Southeast Asia,NO,left out\r\n")
    study = load_study(with_group(tmp_path))
    assert study.partner_group == "group.csv"
    assert [(partner.iso2, partner.name, partner.searched) for partner in study.partners] == [
        ("SG", "Singapore", True),
        ("MY", "Malaysia", False),
    ]


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ("SG,Singapore,Asia,yes,\nXX,Nowhere,Asia,yes,\n", "line 3: iso2 is 'XX', which is no country code"),
        ("SG,Singapore,,yes,\nIN,India,,yes,\nSG,Singapore,,no,\n", "line 4: SG is there already, on line 2"),
        ("SG,Singapore,Asia,perhaps,\n", "line 2: searched is 'perhaps'; it must be yes or no"),
        ("SG,Singapore,Asia,yes,\nCN,China,Asia,yes,\n", "line 3: CN is the focal country of the study"),
        ("SG;Singapore;Asia;yes;\n", "line 2: 1 fields"),
    ],
)  # fmt: skip
def test_a_wrong_group_names_its_line(tmp_path: Path, rows: str, words: str) -> None:
    path = group_of(tmp_path, rows)
    with pytest.raises(UserError) as caught:
        load_study(with_group(tmp_path))
    assert str(caught.value).startswith(f"{path}, {words}")


def test_a_shipped_group_keeps_the_focal_country_as_a_member_that_is_not_searched(tmp_path: Path) -> None:
    text = MINIMAL.replace('"CN"', '"IN"').replace('["SG", "IN"]', '"belt_and_road_2018"')
    study = load_study(written(tmp_path, text))
    assert len(study.partners) == 65
    [itself] = [partner for partner in study.partners if partner.iso2 == "IN"]
    assert not itself.searched and itself.note.endswith("the focal country itself")


def test_hong_kong_is_listed_and_not_searched_where_it_counts_as_china(tmp_path: Path) -> None:
    text = MINIMAL.replace('["SG", "IN"]', '["HK", "SG"]') + "hong_kong_as_cn = true\n"
    study = load_study(written(tmp_path, text))
    assert [(p.iso2, p.searched, p.note) for p in study.partners] == [
        ("HK", False, "counts as CN"),
        ("SG", True, ""),
    ]


def test_a_study_and_a_group_saved_by_notepad_and_excel_are_read(tmp_path: Path) -> None:
    path = group_of(tmp_path, "SG,Singapore,Southeast Asia,yes,\n")
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    study = Path(with_group(tmp_path))
    study.write_bytes(b"\xef\xbb\xbf" + study.read_bytes().replace(b"\n", b"\r\n"))
    assert [partner.iso2 for partner in load_study(str(study)).partners] == ["SG"]


def test_growth_from_a_year_runs_to_the_last_whole_year(tmp_path: Path) -> None:
    study = load_study(written(tmp_path, MINIMAL + "[growth]\nfrom = 2010\n"))
    assert (study.growth_from, study.growth_years, study.declares_growth) == (2010, (2010, 2011), True)
    live = load_study("live")
    assert live.growth_from == 2001
    assert live.growth_years == (2001, last_whole_year(None, date.today()))


def test_the_last_stage_may_be_open(tmp_path: Path) -> None:
    stages = '[[stages]]\nname = "a"\nfrom = 2010\nto = 2010\n[[stages]]\nname = "b"\nfrom = 2011\n'
    study = load_study(written(tmp_path, MINIMAL + stages))
    assert study.stages == (Stage("a", 2010, 2010), Stage("b", 2011, 2011, is_open=True))


@pytest.mark.parametrize(
    ("end", "today", "year"),
    [
        (date(2018, 2, 28), date(2026, 1, 1), 2017),
        (date(2017, 12, 31), date(2026, 1, 1), 2017),
        (None, date(2026, 12, 30), 2025),
        (None, date(2026, 12, 31), 2026),
        (date(2030, 12, 31), date(2026, 6, 1), 2025),
    ],
)
def test_the_last_whole_year_is_over_before_the_window_ends(end: date | None, today: date, year: int) -> None:
    assert last_whole_year(end, today) == year


def test_what_a_study_may_leave_out_has_a_default_and_is_kept_where_it_is_declared(tmp_path: Path) -> None:
    plain = load_study(written(tmp_path, MINIMAL))
    assert (plain.counting_date, plain.comparison_from, plain.territory_names) == (
        "publication",
        None,
        "neutral",
    )
    assert (plain.synthetic, plain.declares_growth) == (False, False)
    keys = 'territory_names = "cldr"\n[counting]\ndate = "filing"\n[comparison]\nfrom = 2011\n'
    study = load_study(written(tmp_path, MINIMAL + keys))
    assert (study.counting_date, study.comparison_from, study.territory_names) == ("filing", 2011, "cldr")


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        (MINIMAL + "colour = 1\n", 5, "unknown key 'colour'"),
        (MINIMAL.replace('"SG"', '"XX"'), 4, "'XX' is no country code"),
        (MINIMAL.replace('"CN"', '"China"'), 2, "'China' is no country code"),
        (MINIMAL.replace("end = 2012-06-30", "end = 2009-06-30"), 3, "reversed"),
        (
            MINIMAL.replace("2010-01-01", "1999-01-01"),
            3,
            "applications were not published before 15 March 2001",
        ),
        (
            MINIMAL.replace("2010-01-01", "2001-01-01") + 'documents = "grants"\n',
            3,
            "grants before 2002 are text and SGML",
        ),
        (
            MINIMAL.replace("2010-01-01", "1976-01-01") + 'documents = "grants"\n',
            3,
            "grants before 2002 are text and SGML",
        ),
        (MINIMAL.replace('["SG", "IN"]', '"silk_road"'), 4, "no country group 'silk_road'"),
        (MINIMAL.replace('["SG", "IN"]', "[]"), 4, "partners must be"),
        (MINIMAL.replace('["SG", "IN"]', '["CN"]'), 4, "no country but CN itself"),
        (MINIMAL + 'focal_province = "CN-ZZ"\n', 5, "give one of China's: CN-AH, CN-BJ"),
        (MINIMAL + "\n[growth]\nyears = [2012, 2010]\n", 7, "must rise"),
        (MINIMAL + '\n[growth]\nzero_year_rule = "guess"\n', 7, "must be one of skip, zero, none"),
        (
            MINIMAL
            + '[[stages]]\nname = "a"\nfrom = 2010\nto = 2011\n[[stages]]\nname = "b"\nfrom = 2011\nto = 2012\n',
            11,
            "must start in 2012",
        ),
        (
            MINIMAL + '[[stages]]\nname = "a"\nfrom = 2010\n[[stages]]\nname = "b"\nfrom = 2011\n',
            5,
            "stage 1 has no to; give one, only the last stage may be open",
        ),
        (MINIMAL + '[[stages]]\nname = "a"\nto = 2010\n', 5, "stage 1 has no from"),
        (MINIMAL + '[[stages]]\nname = "a"\nfrom = 2013\n', 7, "leaves the window"),
        (MINIMAL + "[growth]\nfrom = 2010\nyears = [2010, 2011]\n", 6, "both years and from"),
        (MINIMAL + "[growth]\nfrom = 2011\n", 6, "before its last whole year, 2010 to 2010"),
        (MINIMAL + "growth.from = 2011\n", 5, "before its last whole year"),
        (MINIMAL + '[counting]\ndate = "priority"\n', 6, "must be one of publication, filing"),
        (MINIMAL + "[comparison]\nfrom = 2010\n", 6, "on both sides"),
        (MINIMAL + "[comparison]\n", 5, "comparison.from must be given, as a year"),
        (MINIMAL + 'territory_names = "political"\n', 5, "must be one of neutral, cldr"),
        (MINIMAL.replace('["SG", "IN"]', '["CN", "SG"]'), 4, "partners name CN, which is the focal country"),
        (MINIMAL.replace('["SG", "IN"]', '["SG", "SG"]'), 4, "name SG twice"),
        (MINIMAL.replace('["SG", "IN"]', '"none.csv"'), 4, "there is no file"),
        (MINIMAL.replace("start = 2010-01-01, ", ""), 3, "window.start must be given, as a date"),
        (MINIMAL.replace("2010-01-01", "2010-01-01T00:00:00"), 3, "window.start must be a date"),
        (MINIMAL.replace("2010-01-01", '"2010-01-01"'), 3, "window.start must be a date"),
        (MINIMAL.replace('name = "mine"\n', ""), 1, "name must be given, as a text in quotes"),
        (MINIMAL.replace('"mine"', "7"), 1, "name must be a text in quotes, not 7"),
        (MINIMAL.replace('"mine"', '""'), 1, "becomes a folder"),
        (
            MINIMAL.replace('"mine"', f'"{"x" * 10_000}"'),
            1,
            "name has 10,000 characters; 60 are allowed; give a shorter one",
        ),
        (MINIMAL.replace('"mine"', '"dagster"'), 1, "reserved"),
        (MINIMAL + 'title = ""\n', 5, "title must be a text in quotes, not ''"),
        (MINIMAL + f'title = "{"x" * 10_000}"\n', 5, "10,000 characters"),
        (MINIMAL + 'title = "a\\u001b[31mb"\n', 5, r"holds the character \x1b"),
        (MINIMAL + 'title = "a\\u202eb"\n', 5, r"holds the character \u202e"),
        (MINIMAL + 'kinds = ["A1", "A1"]\n', 5, "names A1 twice"),
        (MINIMAL + 'kinds = "A1"\n', 5, "kinds must be a list of kind codes"),
        (MINIMAL + 'kinds = ["<b>"]\n', 5, "kinds names '<b>'"),
        (MINIMAL + "kinds = []\n", 5, "kinds must be a list of kind codes"),
        (MINIMAL + 'window2 = "x"\n', 5, "unknown key 'window2'"),
        (MINIMAL + "synthetic = 1\n", 5, "synthetic must be true or false, not 1"),
        (MINIMAL + "stages = 3\n", 5, "stages must be [[stages]] tables"),
        (MINIMAL + "source = 3\n", 5, "source must be a table"),
        (MINIMAL + '"col\\u202eour" = 1\n', 1, r"unknown key 'col\u202eour'"),
        (MINIMAL + f'focal_province = "{"CN-" * 5000}"\n', 5, "ISO 3166-2 code of CN"),
        (MINIMAL + 'expected = "../../\\u0000"\n', 5, r"holds the character \x00"),
        (MINIMAL + f'expected = "{"x" * 400}.csv"\n', 5, "there is no file"),
        (MINIMAL + '[[stages]]\nname = "a"\nfrom = 2010\nto = 2019\n', 8, "leaves the window"),
        (MINIMAL + '[source]\nkind = "ftp"\n', 6, "must be one of weekly_xml"),
        (MINIMAL + '[source]\ncountry_totals = "no"\n', 6, "must be true or false"),
        (MINIMAL + 'documents = "grants"\n[source]\nkind = "odp"\n', 7, "a study of grants reads weekly_xml"),
        (MINIMAL + '[source]\nurl = "x"\n', 6, "unknown key 'url'"),
        (MINIMAL + 'focal_province = "US-CA"\n', 5, "ISO 3166-2 code of CN"),
        (MINIMAL.replace('"mine"', '"../mine"'), 1, "becomes a folder"),
        (MINIMAL + 'expected = "nothing.csv"\n', 5, "there is no file"),
    ],
)
def test_a_wrong_study_names_its_line(tmp_path: Path, text: str, line: int, words: str) -> None:
    path = written(tmp_path, text)
    with pytest.raises(UserError) as caught:
        load_study(path)
    assert f"{path}, line {line}: " in str(caught.value)
    assert words in str(caught.value)
    assert len(str(caught.value)) < len(str(path)) + 500 and str(caught.value).isprintable()


def test_a_study_that_is_not_toml_is_named(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"mine\.toml: not valid TOML: .*line 1"):
        load_study(written(tmp_path, "name = \n"))


def test_quotes_of_a_word_processor_are_named_with_their_line(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"not valid TOML: .*Line 2 has curly quotes; write straight ones"):
        load_study(written(tmp_path, 'name = "mine"\ntitle = “Mine”\n'))


def test_toml_nested_too_deeply_and_numbers_too_long_are_sentences(tmp_path: Path) -> None:
    for value in ("[" * 5000, "9" * 5000):
        with pytest.raises(UserError, match=r"mine\.toml: not valid TOML"):
            load_study(written(tmp_path, f"name = {value}\n"))


@pytest.mark.parametrize("text", [f"{'x.' * 100_000}y = 1\n", f"[a{'.a' * 100_000}]\n"])
def test_a_file_that_toml_takes_minutes_over_is_refused_at_once(tmp_path: Path, text: str) -> None:
    with pytest.raises(
        UserError, match=r"mine\.toml has 200,\d{3} characters; a study file has 20,000 at most"
    ):
        load_study(written(tmp_path, text))


@pytest.mark.parametrize(
    "name", ["x" * 10_000, f"{'y' * 10_000}.toml", "~nobody-here/a.toml", "a\x1b[31m", ""]
)
def test_an_impossible_name_of_a_study_is_a_short_sentence(name: str) -> None:
    with pytest.raises(UserError) as caught:
        load_study(name)
    assert "There is no study" in str(caught.value)
    assert len(str(caught.value)) < 600 and str(caught.value).isprintable()


def test_an_unknown_study_lists_those_there_are() -> None:
    with pytest.raises(UserError, match="there are china-g7, india-eu, jiangsu-2018, live"):
        load_study("jiangsu")


def test_a_study_file_that_is_not_utf_8_is_named(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_bytes('name = "münchen"'.encode("latin-1"))
    with pytest.raises(UserError, match="not UTF-8 text"):
        load_study(str(path))


@pytest.mark.parametrize("line_end", ["\r", "\r\n", "\n", "\r\r\n"])
def test_a_study_is_read_whatever_ends_its_lines(tmp_path: Path, line_end: str) -> None:
    path = tmp_path / "mine.toml"
    path.write_bytes(MINIMAL.replace("\n", line_end).encode())
    assert [partner.iso2 for partner in load_study(str(path)).partners] == ["SG", "IN"]
    path.write_bytes((MINIMAL + "colour = 1\n").replace("\n", line_end).encode())
    expected = 5 if line_end != "\r\r\n" else 9
    with pytest.raises(UserError, match=rf"mine\.toml, line {expected}: unknown key 'colour'"):
        load_study(str(path))
    path.write_bytes((MINIMAL + "title = 'M").replace("\n", line_end).encode() + b"\xfcller'")
    with pytest.raises(UserError, match=rf"mine\.toml, line {expected}: not UTF-8"):
        load_study(str(path))
