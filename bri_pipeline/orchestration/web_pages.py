"""Pages that the web server of `bri ui` shows beside Dagster's own: data dictionary, column lineage, health, report."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape
from pathlib import Path

from markdown_it import MarkdownIt
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Receive, Scope, Send

from bri_pipeline.errors import UserError
from bri_pipeline.home import StudyHome
from bri_pipeline.orchestration.links import HEALTH, LINEAGE, REPORT, TABLES
from bri_pipeline.report.health import health_page
from bri_pipeline.warehouse.dictionary_file import page

LINKS = {
    "/": "Dagster",
    TABLES: "Tables",
    LINEAGE: "Column lineage",
    HEALTH: "Health",
    f"{REPORT}/": "Report",
}
STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; margin: 1.5rem auto; max-width: 72rem; padding: 0 1rem; }
table { border-collapse: collapse; margin: .5rem 0 1.5rem; }
th, td { border: 1px solid #ccc; padding: .2rem .6rem; text-align: left; vertical-align: top; }
nav a { margin-right: 1.2rem; }
code { background: #f2f2f2; padding: 0 .2rem; }
:target { background: #fff3c4; }
"""


def own_pages(home: StudyHome) -> list[BaseRoute]:
    """The routes; each page is made on request."""

    def shown(title: str, text: Callable[[], str]) -> Callable[[Request], HTMLResponse]:
        def answer(_: Request) -> HTMLResponse:
            try:
                return HTMLResponse(as_html(title, text()))
            except UserError as error:
                return HTMLResponse(as_html(title, str(error)), status_code=503)

        return answer

    return [
        Route(TABLES, shown("Tables", lambda: page("tables.md"))),
        Route(LINEAGE, shown("Column lineage", lambda: page("lineage.md"))),
        Route(HEALTH, shown(f"Health of {home.study.name}", lambda: health_page(home))),
        Mount(REPORT, _Report(directory=home.report, html=True, check_dir=False)),
    ]


class _Report(StaticFiles):
    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The report's files, or that there is none yet."""
        answer: ASGIApp = super().__call__
        if not Path(str(self.directory)).is_dir():
            none = "There is no report yet. Run the job `refresh`, or `bri run`."
            answer = HTMLResponse(as_html("Report", none), status_code=404)
        await answer(scope, receive, send)


def as_html(title: str, markdown: str) -> str:
    """A page of Markdown; headings can be linked to by their text. Markup in the text is shown, not obeyed."""
    body = MarkdownIt("commonmark", {"html": False}).enable("table").render(markdown)
    body = re.sub(r"<h([23])>([^<]+)</h\1>", r'<h\1 id="\2">\2</h\1>', body)
    links = "".join(f'<a href="{address}">{name}</a>' for address, name in LINKS.items())
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f"<style>{STYLE}</style></head><body><nav>{links}</nav>{body}</body></html>"
    )
