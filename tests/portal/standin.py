"""A stand-in for the Open Data Portal: its API over a folder of files, with faults on demand.

The folder holds a folder per product, ``APPBLXML/2013/ipab20130103_wk01.zip`` (weekly files, their date read
off the name) or ``PVPGPUBDIS/pg_inventor.tsv.zip`` (tables), documents of single applications below
``APPXML-SPLT/``, and application records ``applications/*.json`` as the search returns them.

As the real one, it answers a file with a redirect to another host (here: another port) whose address is
signed and lives for seconds; that host notes a violation when it is sent the key.

By hand: ``python -m tests.portal.standin FOLDER [PORT]``, then in another shell
``BRI_ODP_URL=http://127.0.0.1:PORT bri download --product APPBLXML --years 2013:2013``.
"""

from __future__ import annotations

import gzip
import json
import re
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

API = "/api/v1"
FILES = f"{API}/datasets/products/files/"
WINDOW = 10_000


@dataclass(frozen=True)
class Fault:
    """Something that goes wrong once (or ``times`` over) with the requests whose path matches.

    Either a whole answer (``status``, ``headers``, ``body``), or a change of the body the store sends.
    """

    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes | None = None
    change: Callable[[bytes], bytes] | None = None
    cut_after: int | None = None
    chunk_pause: float = 0.0
    expired: bool = False
    ignore_range: bool = False
    at_store: bool = False
    endless: bool = False
    unsaid_length: bool = False


def throttled(retry_after: str | None = None, body: bytes = b'{"message":"Too Many Requests"}') -> Fault:
    return Fault(429, {} if retry_after is None else {"Retry-After": retry_after}, body)


def quota() -> Fault:
    """The 21st request of a year for one file; wording ours, the real one is not recorded."""
    text = "You have reached the limit of 20 downloads of the same file per year for this API Key"
    return Fault(429, {}, json.dumps({"code": 429, "message": "Error", "detailedMessage": text}).encode())


def server_error(status: int = 500) -> Fault:
    body = b'{"code":500,"error":"Internal Server Error","errorDetails":"Please contact Help Desk."}'
    return Fault(status, {}, body)


def html_page(status: int = 200) -> Fault:
    page = b"<html><head><title>Service unavailable</title></head><body>Sorry</body></html>"
    return Fault(status, {"Content-Type": "text/html"}, page)


def empty() -> Fault:
    return Fault(body=b"")


def denied(status: int = 403, body: bytes = b'{"message":"Forbidden"}') -> Fault:
    return Fault(status, {}, body)


def cut(after: int) -> Fault:
    return Fault(cut_after=after, at_store=True)


def longer(by: int = 7) -> Fault:
    return Fault(change=lambda body: body + b"x" * by, at_store=True)


def corrupt() -> Fault:
    """Length kept, the middle overwritten."""

    def spoil(body: bytes) -> bytes:
        middle = len(body) // 2
        return body[: middle - 20] + b"\0" * 40 + body[middle + 20 :]

    return Fault(change=spoil, at_store=True)


def unreadable_name() -> Fault:
    """The zip's directory says that a member's name is UTF-8, which it is not."""

    def spoil(body: bytes) -> bytes:
        at = body.rindex(b"PK\x01\x02")
        return body[: at + 9] + b"\x08" + body[at + 10 : at + 46] + b"\xff" + body[at + 47 :]

    return Fault(change=spoil, at_store=True)


def compressed() -> Fault:
    """The store compresses, although it is asked not to."""
    return Fault(change=gzip.compress, headers={"Content-Encoding": "gzip"}, at_store=True)


def slow(pause: float) -> Fault:
    return Fault(chunk_pause=pause, at_store=True)


def expired_redirect() -> Fault:
    return Fault(expired=True)


def ignoring_range() -> Fault:
    return Fault(ignore_range=True, at_store=True)


@dataclass(frozen=True)
class LoggedRequest:
    """What a server was asked: ``host`` is ``api`` or ``store``."""

    host: str
    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: Any


class StandInPortal:
    """The two servers on 127.0.0.1; use as a context manager."""

    def __init__(
        self,
        folder: Path,
        *,
        key: str | None = None,
        signed_seconds: float = 5.0,
        clock: Callable[[], float] = time.monotonic,
        port: int = 0,
        largest_answer: int = 6_000_000,
    ) -> None:
        self.folder, self.key, self.largest_answer = folder, key, largest_answer
        self.signed_seconds, self.clock = signed_seconds, clock
        self.requests: list[LoggedRequest] = []
        self.violations: list[str] = []
        self.change_entry: Callable[[dict[str, Any]], dict[str, Any]] = lambda entry: entry
        self.answer_search: Callable[[dict[str, Any], list[dict[str, Any]]], list[dict[str, Any]]] = (
            lambda query, found: found
        )
        self.most_counted = sys.maxsize
        self.answer_list: Callable[[dict[str, str]], dict[str, Any]] | None = None
        self._faults: list[tuple[str, Fault]] = []
        self._lock = threading.Lock()
        self._api = _server(_ApiHandler, self, port)
        self._store = _server(_StoreHandler, self, 0)
        self.url = f"http://127.0.0.1:{self._api.server_address[1]}"
        self.store_url = f"http://127.0.0.1:{self._store.server_address[1]}"

    def start(self) -> StandInPortal:
        for server in (self._api, self._store):
            threading.Thread(target=server.serve_forever, args=(0.005,), daemon=True).start()
        return self

    def stop(self) -> None:
        for server in (self._api, self._store):
            server.shutdown()
            server.server_close()

    __enter__ = start

    def __exit__(self, *_: object) -> None:
        self.stop()

    def fault(self, path_part: str, *faults: Fault, times: int = 1) -> None:
        """Queue faults for requests whose path contains ``path_part``; each is used up ``times`` times."""
        self._faults += [(path_part, fault) for fault in faults for _ in range(times)]

    def forget_faults(self) -> None:
        """Nothing goes wrong from now on."""
        self._faults.clear()

    def asked(self, path_part: str, host: str = "api") -> list[LoggedRequest]:
        """The requests so far whose path contains ``path_part``."""
        return [request for request in self.requests if request.host == host and path_part in request.path]

    def next_fault(self, path: str, at_store: bool) -> Fault | None:
        with self._lock:
            for index, (part, fault) in enumerate(self._faults):
                if part in path and fault.at_store == at_store:
                    del self._faults[index]
                    return fault
        return None

    # ---- what it knows

    def entries(self, product: str) -> Iterator[dict[str, Any]]:
        """The product's files as the list has them, newest first."""
        root = self.folder / product
        for path in sorted((one for one in root.rglob("*") if one.is_file()), reverse=True):
            day = _date_in(path.name) or date(2025, 12, 31)
            yield self.change_entry(
                {
                    "fileName": path.name,
                    "fileSize": path.stat().st_size,
                    "fileDataFromDate": day.isoformat(),
                    "fileDataToDate": day.isoformat(),
                    "fileTypeText": "Document" if path.suffix == ".dtd" else "Data",
                    "fileDownloadURI": f"https://api.uspto.gov{FILES}{path.relative_to(self.folder).as_posix()}",
                    "fileReleaseDate": f"{day} 00:03:40",
                    "fileLastModifiedDateTime": str(datetime.fromtimestamp(path.stat().st_mtime, UTC))[:19],
                }
            )

    def applications(self) -> list[dict[str, Any]]:
        paths = sorted((self.folder / "applications").glob("*.json"))
        return [json.loads(path.read_text()) for path in paths]


def _server(handler: type[BaseHTTPRequestHandler], portal: StandInPortal, port: int) -> ThreadingHTTPServer:
    server = ThreadingHTTPServer(("127.0.0.1", port), type("Handler", (handler,), {"portal": portal}))
    server.daemon_threads = True
    return server


def _date_in(name: str) -> date | None:
    match = re.match(r"[a-z]+(20\d{6}|\d{6})(?!\d)", name)
    if match is None:
        return None
    digits = match.group(1)
    return datetime.strptime(digits if len(digits) == 8 else f"20{digits}", "%Y%m%d").date()


class _Handler(BaseHTTPRequestHandler):
    portal: StandInPortal
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    host = ""

    def log_message(self, format: str, *args: Any) -> None:
        pass

    def handle(self) -> None:
        with suppress(ConnectionError):
            super().handle()

    def _note(self) -> LoggedRequest:
        length = int(self.headers.get("Content-Length") or 0)
        raw = self.rfile.read(length)
        parts = urlsplit(self.path)
        query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        headers = {name.lower(): value for name, value in self.headers.items()}
        request = LoggedRequest(
            self.host, self.command, unquote(parts.path), query, headers, json.loads(raw) if raw else None
        )
        self.portal.requests.append(request)
        return request

    def _answer(self, status: int, body: bytes = b"", headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def _json(self, content: dict[str, Any], status: int = 200) -> None:
        self._answer(status, json.dumps(content).encode(), {"Content-Type": "application/json"})

    def _none_found(self) -> None:
        detail = "No matching records found, refine your search criteria and try again"
        self._json({"code": "404", "message": "Not Found", "detailedMessage": detail}, 404)


class _ApiHandler(_Handler):
    host = "api"

    def do_GET(self) -> None:
        request = self._note()
        fault = self.portal.next_fault(request.path, at_store=False)
        if self._refused(request) or (fault is not None and not fault.expired and self._faulty(fault)):
            return
        if request.path.startswith(FILES):
            self._redirect(request.path.removeprefix(FILES), expired=fault is not None)
        elif request.path.startswith(f"{API}/datasets/products/"):
            self._list(request)
        elif request.path.endswith("/associated-documents"):
            self._associated(request.path.split("/")[-2])
        else:
            self._json({"message": "Forbidden"}, 403)

    def do_POST(self) -> None:
        request = self._note()
        fault = self.portal.next_fault(request.path, at_store=False)
        if self._refused(request) or (fault is not None and self._faulty(fault)):
            return
        self._search(request.body)

    def _refused(self, request: LoggedRequest) -> bool:
        key = request.headers.get("x-api-key")
        if self.portal.key is None or key == self.portal.key:
            return False
        self._json({"message": "Forbidden" if key else "Unauthorized"}, 403 if key else 401)
        return True

    def _faulty(self, fault: Fault) -> bool:
        self._answer(fault.status, fault.body or b"", fault.headers)
        return True

    def _redirect(self, relative: str, *, expired: bool) -> None:
        if not (self.portal.folder / relative).is_file():
            self._none_found()
            return
        until = self.portal.clock() + (-1 if expired else self.portal.signed_seconds)
        signed = f"{self.portal.store_url}/{relative}?signature=s1gned&until={until}"
        self._answer(302, headers={"Location": signed})

    def _list(self, request: LoggedRequest) -> None:
        if self.portal.answer_list is not None:
            self._json(self.portal.answer_list(request.query))
            return
        product = request.path.rsplit("/", 1)[-1]
        first = request.query.get("fileDataFromDate", "")
        last = request.query.get("fileDataToDate", "9")
        files = [one for one in self.portal.entries(product) if first <= one["fileDataFromDate"] <= last]
        if not files:
            self._none_found()
            return
        offset = int(request.query.get("offset", 0))
        page = files[offset : offset + int(request.query.get("limit", len(files)))]
        bag = {"productIdentifier": product, "productFileBag": {"count": len(files), "fileDataBag": page}}
        self._json({"count": 1, "bulkDataProductBag": [bag]})

    def _associated(self, application: str) -> None:
        found = [one for one in self.portal.applications() if one["applicationNumberText"] == application]
        if not found:
            self._none_found()
            return
        record = found[0]
        documents = record.get("pgpubDocumentMetaData") or record.get("associated")
        self._json(
            {
                "count": 1,
                "patentFileWrapperDataBag": [
                    {"applicationNumberText": application, "PgpubDocumentMetaData": documents}
                ],
            }
        )

    def _search(self, query: dict[str, Any]) -> None:
        found = [one for one in self.portal.applications() if _matches(one, query)]
        found = self.portal.answer_search(query, found)
        for sort in query.get("sort", []):
            name, descending = sort["field"], sort["order"].lower() == "desc"
            found.sort(key=lambda one, name=name: str(_field(one, name)), reverse=descending)
        offset = query.get("pagination", {}).get("offset", 0)
        limit = query.get("pagination", {}).get("limit", 25)
        if offset + limit > WINDOW:
            self._json({"code": 400, "error": "Bad Request", "errorDetails": "window too large"}, 400)
            return
        page = found[offset : offset + limit]
        if not page:
            self._none_found()
            return
        body = json.dumps(
            {"count": min(len(found), self.portal.most_counted), "patentFileWrapperDataBag": page}
        ).encode()
        if len(body) > self.portal.largest_answer:
            self._json({"code": 413, "message": "Payload Too Large"}, 413)
            return
        self._answer(200, body)


class _StoreHandler(_Handler):
    host = "store"

    def do_GET(self) -> None:
        request = self._note()
        if "x-api-key" in request.headers:
            self.portal.violations.append(f"the key was sent to the store for {request.path}")
        fault = self.portal.next_fault(request.path, at_store=True) or Fault()
        if float(request.query["until"]) < self.portal.clock():
            self._answer(403, b"<Error><Code>AccessDenied</Code><Message>Expired</Message></Error>")
            return
        if fault.status != 200:
            self._answer(fault.status, fault.body or b"", fault.headers)
            return
        body = (self.portal.folder / request.path.lstrip("/")).read_bytes()
        self._send_file(fault.change(body) if fault.change else body, request, fault)

    def _send_file(self, body: bytes, request: LoggedRequest, fault: Fault) -> None:
        etag = f'"{hash(body):x}"'
        start = 0
        asked = re.fullmatch(r"bytes=(\d+)-", request.headers.get("range", ""))
        if asked and not fault.ignore_range and request.headers.get("if-range", etag) == etag:
            start = int(asked.group(1))
        if start >= len(body):
            self._answer(416)
            return
        headers = {"Content-Length": str(len(body) - start), "ETag": etag, "Content-Type": "application/zip"}
        headers |= fault.headers
        if fault.endless or fault.unsaid_length:
            del headers["Content-Length"]
            headers["Connection"] = "close"
            self.close_connection = True
        if start:
            headers = {"Content-Range": f"bytes {start}-{len(body) - 1}/{len(body)}"} | headers
        self.send_response(206 if start else 200)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self._send_body(body[start:], fault)

    def _send_body(self, body: bytes, fault: Fault) -> None:
        while fault.endless:
            self.wfile.write(body)
        whole = len(body)
        body = body[: fault.cut_after]
        for at in range(0, len(body), 1 << 16):
            if fault.chunk_pause:
                time.sleep(fault.chunk_pause)
            self.wfile.write(body[at : at + (1 << 16)])
        if len(body) < whole:
            self.close_connection = True


def _field(record: dict[str, Any], name: str) -> Any:
    value: Any = record
    for part in name.split("."):
        value = value.get(part) if isinstance(value, dict) else None
    return value


def _matches(record: dict[str, Any], query: dict[str, Any]) -> bool:
    """The two query forms the client uses: ``field:value`` and the country of an inventor's address."""
    for bounds in query.get("rangeFilters", []):
        if not bounds["valueFrom"] <= str(_field(record, bounds["field"]) or "") <= bounds["valueTo"]:
            return False
    name, _, wanted = (query.get("q") or "").partition(":")
    if not name:
        return True
    if name.endswith("correspondenceAddressBag.countryCode"):
        inventors = record["applicationMetaData"].get("inventorBag", [])
        addresses = [one for inventor in inventors for one in inventor.get("correspondenceAddressBag", [])]
        return any(
            str(address.get("countryCode")) in wanted.strip("()").split(" OR ") for address in addresses
        )
    return bool(_field(record, name) == wanted)


def main() -> None:
    folder, port = Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 8080
    with StandInPortal(folder, port=port) as portal:
        print(f"stand-in portal over {folder}: BRI_ODP_URL={portal.url}  (Ctrl-C ends it)")
        with suppress(KeyboardInterrupt):
            threading.Event().wait()


if __name__ == "__main__":
    main()
