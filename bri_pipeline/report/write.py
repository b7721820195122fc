"""Writes the report: a page per scope and language, ``index.html``, the figures and the tables beside them."""

from __future__ import annotations

import html
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cache, partial
from multiprocessing.util import Finalize
from pathlib import Path
from typing import TypeAlias

import duckdb
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from bri_pipeline.files.atomic import read_derived, replacing, write_json
from bri_pipeline.files.written import remove_gone
from bri_pipeline.processes import process_pool, shared
from bri_pipeline.progress import Count, Listener, silent
from bri_pipeline.report import numbers
from bri_pipeline.report.contents import read_page, scopes_with_patents
from bri_pipeline.report.export import write_notes, write_tables
from bri_pipeline.report.figures.render import for_file, for_page, has_chinese_font, png
from bri_pipeline.report.language import LANGUAGES, Code, language
from bri_pipeline.report.page import Page
from bri_pipeline.report.reader import Read, Reader, own_scope, remembering
from bri_pipeline.study import Study
from bri_pipeline.visible import visible
from bri_pipeline.warehouse.database import reading
from bri_pipeline.warehouse.other_version import naming_other_version

PAGES_NOTE = ".pages.json"
Task: TypeAlias = tuple[str, Code]
"""A page to write: scope, language."""
MENU = "<!-- menu of the pages -->"
_PAGE = re.compile(r"(?P<scope>[A-Z]{2}(?:-[A-Z0-9]{1,3})?)\.(?P<lang>en|zh)\.html")
_LANGUAGES = re.compile(r"(<!-- languages -->).*?(<!-- end of languages -->)", re.S)


@dataclass(frozen=True)
class Written:
    """What was written: ``index.html``, the pages, and what the user should know."""

    index: Path
    pages: tuple[Path, ...]
    notes: tuple[str, ...] = ()


def write_report(
    published: Path,
    study: Study,
    out: Path,
    *,
    scope: str | None = None,
    languages: Sequence[Code] = ("en",),
    processes: int = 1,
    progress: Listener = silent,
) -> Written:
    """Write the report of a study from its published tables; pages of the same name are replaced.

    Args:
        published: the DuckDB file that readers open.
        study: the study the tables were made for.
        out: folder that gets ``<scope>.<lang>.html``, ``index.html``, ``figures/<scope>.<lang>/`` and ``tables/``.
        scope: a province or the focal country; ``all`` for every scope with patents; default the study's own.
        languages: one page each.
        processes: how many pages are made at the same time.
        progress: takes the figures of a single page that are drawn, or the pages of several.

    Raises:
        UserError: there are no published tables yet, another version of the software made them, or the study can
            have no such scope.
    """
    with naming_other_version(published):
        return _write_report(published, study, out, scope, languages, processes, progress)


def _write_report(
    published: Path,
    study: Study,
    out: Path,
    scope: str | None,
    languages: Sequence[Code],
    processes: int,
    progress: Listener,
) -> Written:
    own = own_scope(study)
    with reading(published) as con:
        scopes = (
            scopes_with_patents(con) if scope == "all" else [Reader(con, study, scope, language("en")).scope]
        )
        tables = write_tables(con, out / "tables")
        remove_gone(out / "tables", {path.name for path in tables})
        write_notes(con, study, out / "tables")
    # index.html is the page of the study's own scope, so that one is always made
    wanted = [(one, code) for one in dict.fromkeys([own, *scopes]) for code in languages]
    pages = list(_written_pages(Pages(published, study, out), wanted, processes, progress))
    _note_pages(out, published, pages)
    _link_languages(out)
    index = _write_index(out, own, languages[0])
    notes = [] if "zh" not in languages or has_chinese_font() else [language("en").say("page.partial_png")]
    return Written(index, tuple(pages), tuple(notes))


@dataclass(frozen=True)
class Pages:
    """Where pages are read from and written to."""

    published: Path
    study: Study
    out: Path


def _written_pages(pages: Pages, tasks: Sequence[Task], processes: int, progress: Listener) -> Iterator[Path]:
    if len(tasks) == 1:
        with reading(pages.published) as con:
            yield _write_page_of(con, remembering(con), pages, tasks[0], progress)
        return
    count = Count(progress, "writing pages", len(tasks), "pages")
    if processes == 1:
        with reading(pages.published) as con:
            read = remembering(con)
            for task in tasks:
                count.begin(".".join(task))
                yield _write_page_of(con, read, pages, task)
                count.add()
        return
    with process_pool(processes - 1) as pool, reading(pages.published) as con:
        read = remembering(con)
        here = partial(_write_page_of, con, read, pages)
        yield from shared(pool, partial(_write_in_worker, pages), tasks, here, count.add)


def processes_for_pages() -> int:
    """As many as there are cores, at most four."""
    return min(os.cpu_count() or 1, 4)


def _write_page_of(
    con: duckdb.DuckDBPyConnection, read: Read, pages: Pages, task: Task, progress: Listener = silent
) -> Path:
    scope, code = task
    return _write_page(read_page(con, pages.study, scope, code, read), pages.out, progress)


def _write_in_worker(pages: Pages, task: Task) -> Path:
    con, read = _opened(pages.published)
    return _write_page_of(con, read, pages, task)


@cache
def _opened(published: Path) -> tuple[duckdb.DuckDBPyConnection, Read]:
    """What a worker process reads: opened for its first page, closed with the process."""
    opened = ExitStack()
    Finalize(None, opened.close, exitpriority=1)
    con = opened.enter_context(reading(published))
    return con, remembering(con)


def _write_page(page: Page, out: Path, progress: Listener) -> Path:
    """The page, with the menu left open, and its figures as files."""
    folder = out / "figures" / page.name
    count = Count(progress, "drawing figures", len(page.figures), "figures")
    for figure in page.figures:
        count.begin(figure.name)
        svg = for_file(figure.wide)
        for path, content in (
            (folder / f"{figure.name}.svg", svg.encode()),
            (folder / f"{figure.name}.png", png(svg)),
        ):
            with replacing(path) as temporary:
                temporary.write_bytes(content)
        count.add()
    kept = {f"{figure.name}{ending}" for figure in page.figures for ending in (".svg", ".png")}
    remove_gone(folder, kept)
    target = out / f"{page.name}.html"
    with replacing(target) as temporary:
        temporary.write_text(page_html(page), encoding="utf-8")
    return target


def _link_languages(out: Path) -> None:
    """Let each page in the folder name its other languages, as far as they are there."""
    found = list(_pages_in(out))
    for link in found:
        others = [one for one in found if one["scope"] == link["scope"] and one["lang"] != link["lang"]]
        links = "".join(
            f'<a href="{one["file"]}" lang="{one["lang"]}" hreflang="{one["lang"]}">{_name_of(one["lang"])}</a>'
            for one in others
        )
        page = out / link["file"]
        text = page.read_text(encoding="utf-8")
        linked = _LANGUAGES.sub(rf"\g<1>{links}\g<2>", text, count=1)
        if linked != text:
            with replacing(page) as temporary:
                temporary.write_text(linked, encoding="utf-8")


def _name_of(code: str) -> str:
    return next(language(one).own_name for one in LANGUAGES if one == code)


def _write_index(out: Path, own: str, code: Code) -> Path:
    """``index.html``: the page of the study's own scope with a menu of all pages in the folder."""
    found = sorted(_pages_in(out), key=lambda link: (link["scope"] != own, link["file"]))
    template = _environment().get_template("menu.html.j2")
    menu = template.render(links=found, title=language(code).say("page.pages"))
    index = out / "index.html"
    text = (out / f"{own}.{code}.html").read_text(encoding="utf-8").replace(MENU, menu)
    with replacing(index) as temporary:
        temporary.write_text(text, encoding="utf-8")
    return index


def _note_pages(out: Path, published: Path, pages: Iterable[Path]) -> None:
    """Note which pages are of the tables as they are published now; others have the numbers of an earlier time."""
    status = published.stat()
    now = f"{status.st_size} {status.st_mtime_ns}"
    noted = read_derived(out / PAGES_NOTE) or {}
    kept = {name: of for name, of in noted.items() if of == now}
    write_json(out / PAGES_NOTE, kept | {page.name: now for page in pages})


def _pages_in(out: Path) -> Iterable[dict[str, str]]:
    """The pages in the folder that are of the tables published now."""
    noted = read_derived(out / PAGES_NOTE) or {}
    for path in out.glob("*.html"):
        if path.name in noted and (match := _PAGE.fullmatch(path.name)) and path.is_file():
            title = re.search(r"<title>(.*?)</title>", path.read_text(encoding="utf-8")[:4000], re.S)
            name = html.unescape(title[1]) if title else path.stem
            yield {"scope": match["scope"], "file": path.name, "lang": match["lang"], "name": name}


def page_html(page: Page) -> str:
    """The page as HTML."""
    say = page.say
    template = _environment().get_template("page.html.j2")
    return template.render(
        page=page,
        say=say.say,
        counted=lambda key, amount, **values: say.counted(key.removeprefix("counted."), amount, **values),
        html_language=say.html,
        menu_place=Markup(MENU),
    )


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("bri_pipeline.report", "."),
        autoescape=True,
        finalize=_visible,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        shown=numbers.shown,
        code=_with_code,
        drawn=lambda svg, description: Markup(for_page(svg, description)),
    )
    return environment


def _with_code(text: str) -> Markup:
    """Words between backticks as code."""
    return Markup(re.sub(r"`([^`]*)`", r"<code>\1</code>", html.escape(visible(text), quote=False)))


def _visible(value: object) -> object:
    """Text as it is printed: a title may hold characters that turn the direction of what is beside it."""
    return visible(value) if type(value) is str else value
