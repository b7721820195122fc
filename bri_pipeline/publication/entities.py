"""Characters behind the named entities of the 2001-2004 files.

Those files use ISO entities declared in external files that are never loaded. HTML 5 took over most of
the ISO sets; the plain Greek letters (ISOgrk1: ``&agr;``, ``&Dgr;``) are the set it left out.
"""

from __future__ import annotations

import unicodedata
from html.entities import html5

_ISO_GREEK = {
    "agr": "ALPHA", "bgr": "BETA", "ggr": "GAMMA", "dgr": "DELTA", "egr": "EPSILON", "zgr": "ZETA",
    "eegr": "ETA", "thgr": "THETA", "igr": "IOTA", "kgr": "KAPPA", "lgr": "LAMDA", "mgr": "MU",
    "ngr": "NU", "xgr": "XI", "ogr": "OMICRON", "pgr": "PI", "rgr": "RHO", "sgr": "SIGMA",
    "tgr": "TAU", "ugr": "UPSILON", "phgr": "PHI", "khgr": "CHI", "psgr": "PSI", "ohgr": "OMEGA",
}  # fmt: skip


def _greek_letters() -> dict[str, str]:
    letters = {"sfgr": unicodedata.lookup("GREEK SMALL LETTER FINAL SIGMA")}
    for name, letter in _ISO_GREEK.items():
        letters[name] = unicodedata.lookup(f"GREEK SMALL LETTER {letter}")
        # ISO capitalises the first letter, of digraphs both in some files: &EEgr;, &THgr;.
        capital = unicodedata.lookup(f"GREEK CAPITAL LETTER {letter}")
        letters[name.capitalize()] = letters[name[:-2].upper() + "gr"] = capital
    return letters


_GREEK = _greek_letters()


def entity_text(name: str) -> str:
    """The characters of a named entity; an unknown one stays as written, ``&name;``."""
    return _GREEK.get(name) or html5.get(f"{name};") or f"&{name};"
