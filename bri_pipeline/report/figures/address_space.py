"""Whether figures can be drawn under a limit of address space (``ulimit -v``), which would end the process."""

from __future__ import annotations

import subprocess
import sys
from functools import cache

from bri_pipeline.errors import UserError

try:
    import resource
except ImportError:  # Windows knows no such limit
    resource = None  # type: ignore[assignment]

SMALLEST_FIGURE = '{"mark": "bar", "data": {"values": [{"a": 1}]}}'


@cache
def refuse_too_little() -> None:
    """Draw a figure in another process, where there is such a limit: the JavaScript engine reserves over 1,000 GB.

    Raises:
        UserError: that process was ended.
    """
    if resource is None or resource.getrlimit(resource.RLIMIT_AS)[0] == resource.RLIM_INFINITY:
        return
    draw = f"import vl_convert; vl_convert.vegalite_to_svg({SMALLEST_FIGURE!r})"
    if subprocess.run([sys.executable, "-c", draw], capture_output=True, check=False).returncode < 0:
        raise UserError(
            "The report's figures cannot be drawn: this shell limits the address space (ulimit -v), of which what "
            "draws them reserves over 1,000 GB. Run `ulimit -v unlimited`, or limit the memory in another way."
        )
