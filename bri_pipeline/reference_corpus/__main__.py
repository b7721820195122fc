"""``python -m bri_pipeline.reference_corpus [--out DIR] [--world DIR] [--worked DIR]`` builds the synthetic corpora."""

from __future__ import annotations

import argparse
from pathlib import Path

from bri_pipeline.reference_corpus.corpus import write_corpus
from bri_pipeline.reference_corpus.worked import write_worked
from bri_pipeline.reference_corpus.world import write_world

DATA = Path(__file__).parents[2] / "data"


def main() -> None:
    """Build into their folders and say what was written."""
    parser = argparse.ArgumentParser(prog="python -m bri_pipeline.reference_corpus", description=__doc__)
    parser.add_argument(
        "--out", type=Path, default=DATA / "reference_corpus", help="folder of the reference corpus"
    )
    parser.add_argument(
        "--world", type=Path, default=DATA / "world_corpus", help="folder of the world corpus"
    )
    parser.add_argument(
        "--worked", type=Path, default=DATA / "worked_corpus", help="folder of the worked corpus"
    )
    arguments = parser.parse_args()
    for folder in (arguments.out, arguments.world, arguments.worked):
        folder.mkdir(parents=True, exist_ok=True)
    corpus = write_corpus(arguments.out)
    _say(arguments.out, len(corpus.patents) + len(corpus.others))
    _say(arguments.world, len(write_world(arguments.world)))
    _say(arguments.worked, len(write_worked(arguments.worked)))


def _say(folder: Path, documents: int) -> None:
    files = list(folder.rglob("*.zip"))
    size = sum(path.stat().st_size for path in files)
    print(f"{folder}: {len(files)} weekly files, {documents:,} documents, {size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
