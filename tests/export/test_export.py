"""The kit: what is taken away says what it is, and programs read it."""

from __future__ import annotations

import csv
import gc
import json
import sys
import tempfile
import zipfile
from pathlib import Path

import duckdb
import pytest
from lxml import etree
from pyarrow import parquet

from bri_pipeline.errors import UserError
from bri_pipeline.export.networks import Network, write_graphml, write_vosviewer
from bri_pipeline.export.selection import selection
from bri_pipeline.export.workbook import _UntilFull
from bri_pipeline.export.write import FORMATS, write_export, write_kit
from bri_pipeline.study import Study
from tests.report.warehouse import HITS, published_tables, small_study

SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    return small_study(tmp_path_factory.mktemp("study"), synthetic=True)


@pytest.fixture(scope="module")
def published(study: Study, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = published_tables(tmp_path_factory.mktemp("tables"), study, HITS)
    with duckdb.connect(path) as con:
        con.execute("update core.patents set title = '=1+1 南京 Kraków' where publication_number = 'US1A1'")
        con.execute("comment on table marts.by_country is 'One row per scope and partner country.'")
        con.execute("comment on column marts.by_country.share is 'patents / patents of the scope'")
    return path


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_the_data_package_is_valid_and_says_it_is_synthetic(
    study: Study, published: Path, tmp_path: Path, form: str
) -> None:
    frictionless = pytest.importorskip("frictionless")
    write_export(published, study, form, tmp_path)  # type: ignore[arg-type]
    descriptor = json.loads((tmp_path / "datapackage.json").read_text(encoding="utf-8"))
    assert "SYNTHETIC" in descriptor["description"] and "SYNTHETIC" in (tmp_path / "NOTES.txt").read_text(
        "utf-8"
    )
    resources = {resource["path"]: resource for resource in descriptor["resources"]}
    fields = {field["name"]: field for field in resources[f"marts.by_country.{form}"]["schema"]["fields"]}
    assert fields["share"] == {
        "name": "share",
        "type": "number",
        "description": "patents / patents of the scope",
    }
    assert set(resources) == {path.name for path in tmp_path.glob(f"*.{form}")}
    if form == "csv":
        report = frictionless.validate(str(tmp_path / "datapackage.json"))
        assert report.valid, report.flatten(["name", "type", "note"])
    else:
        report = frictionless.Package.validate_descriptor(descriptor)
        assert report.valid, report.flatten(["type", "note"])
        # Frictionless reads Parquet by way of pandas, where lists are arrays and a null makes whole numbers floats
        for name, resource in resources.items():
            stored = parquet.read_table(tmp_path / name)
            assert stored.column_names == [field["name"] for field in resource["schema"]["fields"]]
            if stored.num_rows:
                report = frictionless.Resource(
                    data=stored.to_pylist(), schema=frictionless.Schema.from_descriptor(resource["schema"])
                ).validate()
                assert report.valid, (name, report.flatten(["type", "note"])[:3])


def test_parquet_and_csv_hold_the_rows_of_the_tables(study: Study, published: Path, tmp_path: Path) -> None:
    write_export(published, study, "parquet", tmp_path / "parquet")
    write_export(published, study, "csv", tmp_path / "csv")
    with duckdb.connect(published, read_only=True) as con:
        tables = con.execute("select schema_name || '.' || table_name from duckdb_tables()").fetchall()
        for (name,) in tables:
            path = tmp_path / "parquet" / f"{name}.parquet"
            assert con.execute(f"from {name} except from '{path}'").fetchall() == []
            with (tmp_path / "csv" / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
                rows = list(csv.DictReader(file))
            assert len(rows) == con.execute(f"select count(*) from {name}").fetchall()[0][0]
    with (tmp_path / "csv" / "core.patents.csv").open(encoding="utf-8-sig", newline="") as file:
        titles = {row["publication_number"]: row["title"] for row in csv.DictReader(file)}
    # a spreadsheet does not run it
    assert titles["US1A1"] == "'=1+1 南京 Kraków"


def test_one_scope_has_only_its_rows(study: Study, published: Path, tmp_path: Path) -> None:
    write_export(published, study, "csv", tmp_path, scope="cn-bj")

    def values(table: str, column: str) -> set[str]:
        with (tmp_path / f"{table}.csv").open(encoding="utf-8-sig", newline="") as file:
            return {row[column] for row in csv.DictReader(file)}

    assert values("marts.by_country", "scope") == {"CN-BJ"}
    assert values("core.patents", "publication_number") == {"US4A1"}
    assert json.loads((tmp_path / "datapackage.json").read_text("utf-8"))["name"] == "small-cn-bj"
    with pytest.raises(UserError, match="no scope 'CN-XZ' with patents; give one there is: CN, "):
        write_export(published, study, "csv", tmp_path, scope="CN-XZ")


def test_the_workbook_has_typed_cells_and_no_formula(study: Study, published: Path, tmp_path: Path) -> None:
    [path] = write_export(published, study, "xlsx", tmp_path)
    with zipfile.ZipFile(path) as book:
        names = etree.fromstring(book.read("xl/workbook.xml")).xpath("//*[local-name()='sheet']/@name")
        assert names[0] == "notes" and {"by_country", "core.patents"} <= set(names)
        notes = "".join(etree.fromstring(book.read("xl/sharedStrings.xml")).itertext())
        # the small study reproduces no paper
        assert "SYNTHETIC RECORDS: the records are made up. No patent office" in notes
        patents = etree.fromstring(book.read(f"xl/worksheets/sheet{names.index('core.patents') + 1}.xml"))
        assert "=1+1 南京 Kraków" in patents.itertext()
        sheet = book.read(f"xl/worksheets/sheet{names.index('by_country') + 1}.xml")
        for number in range(1, len(names) + 1):
            assert b"<f>" not in book.read(f"xl/worksheets/sheet{number}.xml")
    parsed = etree.fromstring(sheet)
    assert parsed.find(f".//{SHEET}pane").get("state") == "frozen"
    second = parsed.findall(f".//{SHEET}row")[1]
    # scope, country ... are texts, patents is a number
    assert [cell.get("t") for cell in second][:2] == ["inlineStr", "inlineStr"]
    assert {cell.get("t") for cell in second} == {"inlineStr", None}


def test_rows_of_a_scope_keep_the_order_of_the_table(study: Study, published: Path) -> None:
    with duckdb.connect(published, read_only=True) as con:
        [patents] = [table for table in selection(con, "CN-JS") if table.name == "core.patents"]
        assert patents.sql.endswith("order by rowid")
        every = [
            number for (number,) in con.execute("select publication_number from core.patents").fetchall()
        ]
        kept = [row[0] for row in con.execute(patents.sql).fetchall()]
    assert len(kept) > 1 and kept == [number for number in every if number in kept]


def test_a_sheet_that_is_full_says_that_rows_are_missing(
    study: Study, published: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bri_pipeline.export.workbook.MOST_ROWS", 6)
    [path] = write_export(published, study, "xlsx", tmp_path)
    with zipfile.ZipFile(path) as book:
        names = etree.fromstring(book.read("xl/workbook.xml")).xpath("//*[local-name()='sheet']/@name")
        patents = etree.fromstring(book.read(f"xl/worksheets/sheet{names.index('core.patents') + 1}.xml"))
        assert len(patents.findall(f".//{SHEET}row")) == 1 + 6
        notes = list(etree.fromstring(book.read("xl/sharedStrings.xml")).itertext())
    assert "core.patents: rows beyond 6 do not fit into a sheet" in notes
    assert "marts.summary: rows beyond 6 do not fit into a sheet" not in notes


@pytest.mark.parametrize("form", ["graphml", "vosviewer"])
def test_networks_are_those_of_the_tables(study: Study, published: Path, tmp_path: Path, form: str) -> None:
    files = {path.name: path for path in write_export(published, study, form, tmp_path)}  # type: ignore[arg-type]
    with duckdb.connect(published, read_only=True) as con:
        edges = con.execute(
            "select source, target, patents from marts.network_edges where network = 'province-country' order by all"
        ).fetchall()
    assert ("CN-JS", "SG", 3) in edges
    if form == "graphml":
        root = etree.parse(str(files["province-country.graphml"])).getroot()
        space = {"g": "http://graphml.graphdrawing.org/xmlns"}
        found = [
            (
                edge.get("source"),
                edge.get("target"),
                float(edge.xpath("g:data[@key='edge-patents']", namespaces=space)[0].text),
            )
            for edge in root.xpath("//g:edge", namespaces=space)
        ]
        assert sorted(found) == sorted(edges)
        assert {edge[0] for edge in edges} <= set(root.xpath("//g:node/@id", namespaces=space))
    else:
        lines = files["province-country.map.txt"].read_text(encoding="utf-8").splitlines()
        assert lines[0] == "id\tlabel\tweight<Patents>"
        ids = {line.split("\t")[0] for line in lines[1:]}
        links = [
            line.split("\t") for line in files["province-country.network.txt"].read_text("utf-8").splitlines()
        ]
        assert len(links) == len(edges) and all({one, two} <= ids for one, two, _ in links)
        assert sum(float(weight) for _, _, weight in links) == sum(patents for _, _, patents in edges)


@pytest.mark.slow
def test_every_format_replaces_what_it_wrote(study: Study, published: Path, tmp_path: Path) -> None:
    for form in FORMATS:
        first = write_export(published, study, form, tmp_path / form)
        assert first and first == write_export(published, study, form, tmp_path / form)
        assert all(path.stat().st_size for path in first)


def test_the_kit_holds_workbook_parquet_and_networks(study: Study, published: Path, tmp_path: Path) -> None:
    written = {path.relative_to(tmp_path).as_posix() for path in write_kit(published, study, tmp_path)}
    assert {"small.CN-JS.xlsx", "parquet/datapackage.json", "parquet/marts.by_country.parquet"} <= written
    assert "networks/province-country.graphml" in written


def test_a_label_that_xml_cannot_hold_is_escaped(tmp_path: Path) -> None:
    network = Network(
        "names", {"a": ("Tan\x01\u202e Labs", 1.0), "b": ("<b>&", 2.0)}, [("a", "b", {"patents": 1.0})]
    )
    content = write_graphml(network, tmp_path / "names.graphml").read_text(encoding="utf-8")
    assert "Tan\\x01\\u202e Labs" in content and "&lt;b&gt;&amp;" in content
    labels = write_vosviewer(network, tmp_path)[0].read_text(encoding="utf-8")
    assert "Tan\\x01\\u202e Labs" in labels


def test_a_workbook_on_a_full_disk_is_one_error_and_nothing_printed_after_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    printed: list[object] = []
    monkeypatch.setattr(sys, "unraisablehook", printed.append)
    if not Path("/dev/full").exists():
        pytest.skip("needs /dev/full")
    book = zipfile.ZipFile(_UntilFull("/dev/full", "wb"), "w")
    with pytest.raises(OSError, match="No space left"):
        book.writestr("a.xml", "a")
    del book
    gc.collect()
    assert printed == []


def test_a_workbook_that_fails_leaves_no_temporary_files(
    published: Path, study: Study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(zipfile.ZipFile, "write", full)
    with pytest.raises(Exception, match="No space left"):
        write_export(published, study, "xlsx", tmp_path / "out")
    assert list((tmp_path / "temporary").iterdir()) == []
    assert [path for path in (tmp_path / "out").rglob("*") if path.is_file()] == []
