"""Dask's client, closed explicitly only. Importing this needs the ``cluster`` extra."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from distributed import Client


class ExplicitlyClosedClient(Client):
    """A client that a failed start closes at once, and the garbage collector never.

    Dask's own closes itself when it is collected, and takes a lock for it. A collection that begins in a thread that
    holds the lock, which any new client does, would wait for itself forever.
    """

    def __init__(self, address: str, **options: Any) -> None:
        try:
            super().__init__(address, **options)  # type: ignore[no-untyped-call]
        except BaseException:
            with suppress(Exception):  # the failure that counts is the first
                self.close(timeout=1)  # type: ignore[no-untyped-call]
            raise

    def __del__(self) -> None:
        """Do nothing; Dask's own would close the client."""
