"""A stand-in for OpenAlex's API on the loopback: works and institutions by cursor, with faults on demand.

The records have the shape that OpenAlex documents (developers.openalex.org, 2026), cut to what is selected.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

Record = dict[str, Any]


def work(
    number: int,
    day: str,
    *institutions: tuple[int, str],
    field_of_topic: str | None = "Engineering",
    **more: Any,
) -> Record:
    """A work with an author per institution, ``(number, country)``."""
    topic = {
        "id": "https://openalex.org/T10001",
        "display_name": "A topic",
        "score": 0.99,
        "subfield": {"id": "https://openalex.org/subfields/2208", "display_name": "Electrical Engineering"},
        "field": {"id": "https://openalex.org/fields/22", "display_name": field_of_topic},
        "domain": {"id": "https://openalex.org/domains/3", "display_name": "Physical Sciences"},
    }
    return {
        "id": f"https://openalex.org/W{number}",
        "title": f"Paper {number}",
        "publication_date": day,
        "type": "article",
        "primary_topic": topic if field_of_topic else None,
        "authorships": [
            {
                "author_position": "first" if position == 0 else "middle",
                "author": {
                    "id": f"https://openalex.org/A{position}",
                    "display_name": "Synthetic Author",
                    "orcid": None,
                },
                "institutions": [
                    {
                        "id": f"https://openalex.org/I{institution}",
                        "display_name": f"Institute {institution}",
                        "ror": None,
                        "country_code": country,
                        "type": "education",
                        "lineage": [f"https://openalex.org/I{institution}"],
                    }
                ],
                "countries": [country],
                "is_corresponding": position == 0,
                "raw_affiliation_strings": ["somewhere"],
            }
            for position, (institution, country) in enumerate(institutions)
        ],
        **more,
    }


def institution(number: int, country: str, city: str, region: str | None = None) -> Record:
    """An institution with the place where it is."""
    return {
        "id": f"https://openalex.org/I{number}",
        "display_name": f"Institute {number}",
        "country_code": country,
        "geo": {
            "city": city,
            "geonames_city_id": "1",
            "region": region,
            "country_code": country,
            "country": country,
            "latitude": 1.0,
            "longitude": 1.0,
        },
    }


@dataclass
class Fault:
    """A whole answer given once in the place of the right one; ``cut`` breaks the body off."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    cut: bool = False


@dataclass
class StandInOpenAlex:
    """Serves its records; ``requests`` keeps the queries, ``faults`` are used up in order."""

    works: list[Record]
    institutions: list[Record]
    key: str | None = None
    page: int = 2
    remaining: int = 10_000
    announce: int = 0
    requests: list[dict[str, str]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    def __enter__(self) -> StandInOpenAlex:
        handler = type("Handler", (_Handler,), {"openalex": self})
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.server.daemon_threads = True
        threading.Thread(
            target=self.server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True
        ).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.server.server_close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}"

    def asked(self, path: str) -> list[dict[str, str]]:
        return [request for request in self.requests if request["path"] == path]

    def matching(self, path: str, filters: str) -> list[Record]:
        if path == "/institutions":
            wanted = set(filters.removeprefix("openalex:").split("|"))
            return [one for one in self.institutions if one["id"].rpartition("/")[2] in wanted]
        found: Iterable[Record] = self.works
        for part in filters.split(","):
            name, _, value = part.partition(":")
            found = [one for one in found if _meets(one, name, value)]
        return list(found)


def _meets(record: Record, name: str, value: str) -> bool:
    if name == "from_publication_date":
        return bool(record["publication_date"] >= value)
    if name == "to_publication_date":
        return bool(record["publication_date"] <= value)
    assert name == "authorships.institutions.country_code", name
    countries = {one["country_code"] for author in record["authorships"] for one in author["institutions"]}
    return bool(countries & set(value.split("|")))


class _Handler(BaseHTTPRequestHandler):
    openalex: StandInOpenAlex
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: Any) -> None:
        pass

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        served = self.openalex
        served.requests.append({"path": parts.path, **query})
        if served.faults:
            fault = served.faults.pop(0)
            self._answer(fault.status, fault.body, fault.headers, fault.cut)
        elif served.key is not None and query.get("api_key") != served.key:
            self._json(
                401, {"error": "Unauthorized", "message": f"API key {query.get('api_key')} is not valid"}
            )
        elif served.remaining <= 0:
            self._json(429, {"error": "Rate limit exceeded", "message": "Insufficient credits"})
        else:
            served.remaining -= 1
            self._page(parts.path, query)

    def _page(self, path: str, query: dict[str, str]) -> None:
        found = self.openalex.matching(path, query["filter"])
        start = 0 if query["cursor"] == "*" else int(query["cursor"].removeprefix("c"))
        results = found[start : start + self.openalex.page]
        end = start + len(results)
        meta = {
            "count": len(found) + self.openalex.announce,
            "per_page": int(query["per_page"]),
            "next_cursor": f"c{end}" if results else None,
        }
        self._json(200, {"meta": meta, "results": results, "group_by": []})

    def _json(self, status: int, content: Record) -> None:
        self._answer(status, json.dumps(content).encode(), {"Content-Type": "application/json"})

    def _answer(self, status: int, body: bytes, headers: dict[str, str], cut: bool = False) -> None:
        self.send_response(status)
        limits = {"X-RateLimit-Remaining": str(self.openalex.remaining), "X-RateLimit-Reset": "7200"}
        for name, value in {
            "Content-Length": str(len(body) + (100 if cut else 0)),
            **limits,
            **headers,
        }.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)
        if cut:
            self.close_connection = True
