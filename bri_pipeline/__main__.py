"""The ``bri`` command, ``python -m bri_pipeline``: from its first moment a signal ends it with a sentence."""

from __future__ import annotations

import os
import sys
from contextlib import suppress

from bri_pipeline.signals import STATUSES, exit_at_once_on, heeded


def start() -> None:
    """Run the command line. It is imported here, as that takes long enough to be interrupted."""
    exit_at_once_on(heeded())
    from bri_pipeline.cli import main

    try:
        main(prog_name="bri")
    except SystemExit as ended:
        if isinstance(ended.code, int) and ended.code in STATUSES:
            for stream in (sys.stdout, sys.stderr):
                with suppress(OSError, ValueError):
                    stream.flush()
            os._exit(ended.code)  # what a library was interrupted in may not survive the end of Python
        raise


if __name__ == "__main__":
    start()
