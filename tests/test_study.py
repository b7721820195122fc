"""Study files: what is read, and what a wrong one is told."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from bri_pipeline.errors import UserError
from bri_pipeline.settings import load_settings
from bri_pipeline.study import list_studies, load_study

MINIMAL = """\
name = "mine"
focal_country = "CN"
window = { start = 2010-01-01, end = 2012-06-30 }
partners = ["SG", "IN"]
"""


def written(folder: Path, text: str) -> str:
    path = folder / "mine.toml"
    path.write_text(text)
    return str(path)


def test_the_shipped_studies_load() -> None:
    assert list(list_studies()) == ["jiangsu-2018", "live"]
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


def test_the_focal_country_is_no_partner_of_itself(tmp_path: Path) -> None:
    study = load_study(written(tmp_path, MINIMAL.replace('["SG", "IN"]', '["CN", "SG"]')))
    assert [partner.iso2 for partner in study.searched] == ["SG"]


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        (MINIMAL + "colour = 1\n", 5, "unknown key 'colour'"),
        (MINIMAL.replace('"SG"', '"XX"'), 4, "'XX' is no country code"),
        (MINIMAL.replace('"CN"', '"China"'), 2, "'China' is no country code"),
        (MINIMAL.replace("end = 2012-06-30", "end = 2009-06-30"), 3, "reversed"),
        (MINIMAL.replace("2010-01-01", "1999-01-01"), 3, "before the first publication year"),
        (MINIMAL.replace('["SG", "IN"]', '"silk_road"'), 4, "no country group 'silk_road'"),
        (MINIMAL.replace('["SG", "IN"]', "[]"), 4, "partners must be"),
        (MINIMAL.replace('["SG", "IN"]', '["CN"]'), 4, "no country but CN itself"),
        (MINIMAL + 'focal_province = "CN-ZZ"\n', 5, "China has CN-AH, CN-BJ"),
        (MINIMAL + "\n[growth]\nyears = [2012, 2010]\n", 7, "must rise"),
        (MINIMAL + '\n[growth]\nzero_year_rule = "guess"\n', 7, "must be one of skip, zero, none"),
        (
            MINIMAL
            + '[[stages]]\nname = "a"\nfrom = 2010\nto = 2011\n[[stages]]\nname = "b"\nfrom = 2011\nto = 2012\n',
            11,
            "must start in 2012",
        ),
        (MINIMAL + '[[stages]]\nname = "a"\nfrom = 2010\n', 5, "no to"),
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


def test_a_study_that_is_not_toml_is_named(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"mine\.toml: not valid TOML: .*line 1"):
        load_study(written(tmp_path, "name = \n"))


def test_an_unknown_study_lists_those_there_are() -> None:
    with pytest.raises(UserError, match="there are jiangsu-2018, live"):
        load_study("jiangsu")


def test_settings_come_from_the_environment_then_dot_env(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_text("BRI_STUDY=live\nUSPTO_API_KEY=from-file\n")
    monkeypatch.setenv("BRI_STUDY", "other")
    monkeypatch.delenv("USPTO_API_KEY", raising=False)
    settings = load_settings()
    assert (settings.study, settings.api_key) == ("other", "from-file")
    assert "from-file" not in repr(settings)


def test_a_wrong_number_of_workers_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BRI_WORKERS", "many")
    with pytest.raises(UserError, match="BRI_WORKERS"):
        load_settings()


def test_a_study_file_that_is_not_utf_8_is_named(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_bytes('name = "münchen"'.encode("latin-1"))
    with pytest.raises(UserError, match="not UTF-8 text"):
        load_study(str(path))
