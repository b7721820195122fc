"""``python -m bri_pipeline.reference_corpus [--out DIR]`` builds the reference corpus."""

from __future__ import annotations

import argparse
from pathlib import Path

from bri_pipeline.reference_corpus.corpus import write_corpus

DEFAULT_FOLDER = Path(__file__).parents[2] / "data" / "reference_corpus"


def main() -> None:
    """Build into a folder and say what was written."""
    parser = argparse.ArgumentParser(prog="python -m bri_pipeline.reference_corpus", description=__doc__)
    parser.add_argument("--out", type=Path, default=DEFAULT_FOLDER, help="folder to write to")
    folder: Path = parser.parse_args().out
    folder.mkdir(parents=True, exist_ok=True)
    corpus = write_corpus(folder)
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    documents = len(corpus.patents) + len(corpus.others)
    print(f"{folder}: {len(corpus.weeks)} weekly files, {documents:,} documents, {size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
