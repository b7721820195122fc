"""The portal's answers to a search, kept with their checksums, so that changed rules read them without asking again."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from bri_pipeline.files.atomic import read_derived, replacing, write_json
from bri_pipeline.portal.trouble import PortalError, Trouble, error_of

if TYPE_CHECKING:
    from bri_pipeline.portal.client import PortalClient


SEARCH = "search"
"""Folder of an archive with a folder of answers for each year."""
_KEPT = re.compile(r"[0-9a-f]{64}\.gz")
FINAL = ("withdrawn", "too_large", "refused")
"""Kinds of refusals that asking again does not change."""


class Portal(Protocol):
    """What a search asks of the portal: ``PortalClient``, or answers that were kept."""

    def get_json(self, path: str, params: Mapping[str, str | int], *, what: str) -> dict[str, Any] | None:
        """The answer to GET; null where the portal finds no records."""

    def post_json(self, path: str, body: Mapping[str, Any], *, what: str) -> dict[str, Any] | None:
        """The answer to POST; null where the portal finds no records."""

    def read_file(self, uri: str, *, what: str) -> bytes:
        """A small file in one piece."""


class KeptAnswers:
    """Answers as the portal gave them, before any rule of this software reads them.

    ``<sha256>.gz`` holds an answer, ``answers.json`` says which request it answers and what all of them together were
    asked for. It is written by ``keep``, when everything has been asked: until then the earlier answers count. Final
    refusals are kept as well, or a changed rule would ask for them again.

    Args:
        folder: where they are kept.
        asked: what they are asked for, with the day; answers to anything else are not used.
        portal: makes the client when something must be asked after all.
    """

    def __init__(self, folder: Path, asked: str, portal: Callable[[], PortalClient]) -> None:
        self._folder, self._asked, self._make_client = folder, asked, portal
        content = read_derived(folder / "answers.json") or {}
        there = content.get("answers") if content.get("asked") == asked else None
        self._kept: dict[str, dict[str, Any]] = there if isinstance(there, dict) else {}
        self._used: dict[str, dict[str, Any]] = {}
        self._client: PortalClient | None = None

    @property
    def are_there(self) -> bool:
        """Whether answers to just this are kept."""
        return bool(self._kept)

    def get_json(self, path: str, params: Mapping[str, str | int], *, what: str) -> dict[str, Any] | None:
        """The answer to GET, as PortalClient gives it."""
        return self._json(
            ["GET", path, dict(params)], what, lambda client: client.get_json(path, params, what=what)
        )

    def post_json(self, path: str, body: Mapping[str, Any], *, what: str) -> dict[str, Any] | None:
        """The answer to POST, as PortalClient gives it."""
        return self._json(
            ["POST", path, dict(body)], what, lambda client: client.post_json(path, body, what=what)
        )

    def read_file(self, uri: str, *, what: str) -> bytes:
        """A small file, as PortalClient gives it."""
        return self._answer(["FILE", uri], what, lambda client: client.read_file(uri, what=what))

    def keep(self) -> None:
        """Keep the answers used so far and remove the others; to be called when everything has been asked."""
        write_json(self._folder / "answers.json", {"asked": self._asked, "answers": self._used})
        names = {_name(entry) for entry in self._used.values()}
        for path in self._folder.glob("*.gz"):
            if path.name not in names and _KEPT.fullmatch(path.name):
                path.unlink()

    def _json(
        self, request: list[Any], what: str, ask: Callable[[PortalClient], dict[str, Any] | None]
    ) -> dict[str, Any] | None:
        answer: dict[str, Any] | None = json.loads(
            self._answer(request, what, lambda client: json.dumps(ask(client), ensure_ascii=False).encode())
        )
        return answer

    def _answer(self, request: list[Any], what: str, ask: Callable[[PortalClient], bytes]) -> bytes:
        # Only the digest of a request is kept: an address may hold a secret.
        key = hashlib.sha256(json.dumps(request, sort_keys=True).encode()).hexdigest()
        entry = self._used.get(key) or self._kept.get(key)
        if entry is not None and (found := self._read(entry, what)) is not None:
            self._used[key] = entry
            return found
        try:
            content = ask(self._portal())
        except PortalError as error:
            if error.trouble.kind in FINAL:
                self._used[key] = {"what": what, "kind": error.trouble.kind, "reason": error.trouble.reason}
            raise
        self._used[key] = self._store(content, what)
        return content

    def _portal(self) -> PortalClient:
        self._client = self._client or self._make_client()
        return self._client

    def _store(self, content: bytes, what: str) -> dict[str, Any]:
        entry = {"what": what, "bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
        with replacing(self._folder / _name(entry)) as temporary:
            temporary.write_bytes(gzip.compress(content, 6, mtime=0))
        return entry

    def _read(self, entry: Mapping[str, Any], what: str) -> bytes | None:
        """The content; null where it is missing or has changed.

        Raises:
            PortalError: the portal refused.
        """
        if "sha256" not in entry:
            raise error_of(what, Trouble(entry["kind"], entry["reason"]), 1)
        return content_of(self._folder / _name(entry), entry["sha256"])


def kept_answers(folder: Path) -> dict[Path, str]:
    """Path -> sha256 of every answer kept in the folders of a folder; requests with the same answer share one."""
    return {
        listed.with_name(_name(entry)): entry["sha256"]
        for listed in sorted(folder.glob("*/answers.json"))
        for entry in (read_derived(listed) or {}).get("answers", {}).values()
        if "sha256" in entry
    }


def content_of(path: Path, sha256: str) -> bytes | None:
    """An answer that was kept; null where the file is missing or has changed."""
    try:
        content = gzip.decompress(path.read_bytes())
    except (OSError, EOFError, ValueError, zlib.error):
        return None
    return content if hashlib.sha256(content).hexdigest() == sha256 else None


def _name(entry: Mapping[str, Any]) -> str:
    return f"{entry.get('sha256', '')}.gz"
