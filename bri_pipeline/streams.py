"""Standard input, output and error that take any text, and survive being closed, full or unread."""

from __future__ import annotations

import codecs
import io
import json
import os
import sys
from contextlib import suppress
from typing import Any

STANDARD_OUTPUT = "standard output"


def prepare_streams() -> None:
    """Let standard output and error write any text, and standard input read any bytes.

    What the console's encoding lacks is written as in JSON (a backslash and ``u5357``), so that JSON stays
    JSON; what standard input holds of other encodings is read as U+FFFD. A stream that was closed by whoever
    started this process leads to the null device.
    """
    _open_closed_streams()
    sys.stdout, sys.stderr = _remade(sys.stdout, _Output), _remade(sys.stderr, _Messages)
    codecs.register_error("json-escapes", _json_escapes)
    for stream, errors in (
        (sys.stdout, "json-escapes"),
        (sys.stderr, "json-escapes"),
        (sys.stdin, "replace"),
    ):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=errors)


class _Output(io.FileIO):
    """Standard output whose first error names it; what is still buffered then is not tried again at the end."""

    is_lost = False

    def write(self, data: Any) -> int:
        """Write bytes, as many as go."""
        if self.is_lost or not data:  # libraries write nothing to see whether a stream takes bytes
            return len(data)
        try:
            return super().write(data)
        except OSError as error:
            self.is_lost = True
            error.filename = STANDARD_OUTPUT
            raise


class _Messages(io.FileIO):
    """Standard error that never fails: what is said there cannot be said anywhere else."""

    def write(self, data: Any) -> int:
        """Write bytes, as many as go."""
        with suppress(OSError):
            return super().write(data)
        return len(data)


def _remade(stream: Any, kind: type[io.FileIO]) -> Any:
    """The stream with another kind of file below it; as it is where it is no file of the system."""
    raw = getattr(getattr(stream, "buffer", None), "raw", getattr(stream, "buffer", None))
    if not isinstance(stream, io.TextIOWrapper) or type(raw) is not io.FileIO:
        return stream
    with suppress(OSError):
        stream.flush()
    file = kind(stream.fileno(), "w", closefd=False)
    return io.TextIOWrapper(
        # with PYTHONUNBUFFERED there is nothing in between
        file if raw is stream.buffer else io.BufferedWriter(file),
        encoding=stream.encoding,
        line_buffering=stream.line_buffering,
        write_through=stream.write_through,
    )


def _open_closed_streams() -> None:
    """A service may be started without them; the next file opened would then be what everything is printed into."""
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        if getattr(sys, name) is None:
            null = os.open(os.devnull, os.O_RDWR)
            with suppress(OSError):
                os.dup2(null, number)
            setattr(
                sys, name, os.fdopen(number, "r" if name == "stdin" else "w", encoding="utf-8", closefd=False)
            )


def _json_escapes(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    escaped = json.dumps(error.object[error.start : error.end])[1:-1]
    return escaped, error.end
