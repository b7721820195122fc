"""`bri` over a fifth of the tables, with a page that has no figures: harm is done to files, not to what they say.

A whole run takes twenty seconds of a core, this one ten; three where ``warm`` was called in the process it is forked
from.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from bri_pipeline.cli import main

ENDS = ("marts.summary", "core.scopes")
"""What the summary, the report's frame and the kit cannot do without; beside it every table of schema raw."""


@cache
def make_small() -> None:
    """Leave out the tables that nothing of ENDS is made of, and what is said of them. For this process alone."""
    from bri_pipeline.commands import summary
    from bri_pipeline.report import contents
    from bri_pipeline.resources import resource_dir
    from bri_pipeline.warehouse import build, loader
    from bri_pipeline.warehouse.external import EXTERNAL_TABLES
    from bri_pipeline.warehouse.python_tables import PYTHON_TABLES

    every = loader.load_models(resource_dir("sql"))

    def made_of(names: Iterable[str]) -> set[str]:
        found: set[str] = set()
        waiting = list(names)
        while waiting:
            if (name := waiting.pop()) not in found:
                found.add(name)
                waiting += every[name].depends_on if name in every else ()
                if name in PYTHON_TABLES:
                    waiting.append(str(EXTERNAL_TABLES[name].source))
        return found

    kept = made_of((*ENDS, *(name for name in every if name.startswith("raw."))))
    for name in [name for name in PYTHON_TABLES if name not in kept]:
        del PYTHON_TABLES[name], EXTERNAL_TABLES[name]
    small = {name: model for name, model in every.items() if name in kept}
    build.load_models = lambda root: small  # type: ignore[attr-defined]
    contents.SECTIONS = ()  # type: ignore[attr-defined]
    contents.banners = lambda reader: []  # type: ignore[attr-defined]
    summary._GROWTH = "from (select 1) where false"


def warm() -> None:
    """Import and read what every run needs, in a process that others are forked from; no thread is started."""
    make_small()
    from bri_pipeline.code_digest import PLUMBING, code_digest
    from bri_pipeline.commands import doctor, query, refresh  # noqa: F401
    from bri_pipeline.export.write import write_kit
    from bri_pipeline.places.resolver import Resolver
    from bri_pipeline.report.write import write_report
    from bri_pipeline.resources import resource_dir
    from bri_pipeline.warehouse.build import models

    models()
    resolver = Resolver.load(resource_dir("data/reference"), "CN")
    Resolver.load = lambda *_: resolver  # type: ignore[method-assign]
    for write in (write_report, write_kit):
        code_digest(write, beside=PLUMBING)


def forked(arguments: list[str], environment: dict[str, str], folder: Path, output: Path) -> None:
    """The command in a forked process: its output in a file, its status that of the process."""
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    file = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    for stream in (1, 2):
        os.dup2(file, stream)
    run(arguments)


def run(arguments: list[str] | None = None) -> None:
    """The command over few tables, for this process alone: whoever imports this module keeps `bri` as it is."""
    # Where the command itself begins, so that a signal meets it as it meets `bri`.
    main.callback = lambda debug: make_small()
    main(arguments)


if __name__ == "__main__":
    run()
