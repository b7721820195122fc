"""The committed world corpus: what it says is what it was planned to say."""

from __future__ import annotations

from pathlib import Path

from bri_pipeline.reference_corpus.world import PATENTS, make_world, write_world
from tests.conftest import REPOSITORY
from tests.reference_corpus.naive_reader import documents, read, standing_files

CORPUS = REPOSITORY / "data" / "world_corpus"


def test_rebuilding_gives_the_committed_documents(tmp_path: Path) -> None:
    write_world(tmp_path)
    built = sorted(path.relative_to(tmp_path) for path in tmp_path.rglob("*") if path.is_file())
    assert built == sorted(path.relative_to(CORPUS) for path in CORPUS.rglob("*") if path.is_file())
    for name in built:
        if name.suffix == ".zip":
            assert list(documents(tmp_path / name)) == list(documents(CORPUS / name)), name
        else:
            assert (tmp_path / name).read_bytes() == (CORPUS / name).read_bytes()


def test_the_files_hold_the_planned_countries_and_say_that_they_are_made_up() -> None:
    found = [read(document) for path in standing_files(CORPUS) for document in documents(path)]
    assert all(
        publication is not None and publication.title.startswith("Synthetic record:") for publication in found
    )
    printed = {publication.number: publication.countries for publication in found if publication}
    planned = {one.document.number: {country for country, _ in one.homes} for one in make_world()}
    assert printed == planned
    assert "synthetic" in (CORPUS / "README.md").read_text(encoding="utf-8")


def test_every_co_invention_has_both_sides() -> None:
    made = make_world()
    for focal, partners in PATENTS.items():
        of_focal = [{country for country, _ in one.homes} for one in made if one.focal == focal]
        assert len(of_focal) == sum(partners.values())
        assert all(focal in countries and countries & partners.keys() for countries in of_focal)
