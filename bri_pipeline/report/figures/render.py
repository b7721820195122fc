"""Draws a figure: SVG by Vega, PNG from the same SVG; hatching and tooltips, which Vega cannot write, are added."""

from __future__ import annotations

import json
import re
from functools import cache, lru_cache
from typing import Any

import vl_convert

from bri_pipeline.report.figures.address_space import refuse_too_little
from bri_pipeline.report.figures.theme import FONT, HATCHED, NATION, VARIABLES

VEGA_LITE = "6.4"
PNG_SCALE = 2.0
# Figures of the last pages: those without words are the same in every language.
_KEPT = 128
_MARK = re.compile(
    r'<path([^>]*?) aria-label="([^"]*)" role="graphics-symbol" aria-roledescription="[^"]*"([^>]*?)\s*/?>(?:</path>)?'
)
_ARIA = re.compile(
    r' (?:role="graphics-[a-z]+"|aria-roledescription="[^"]*"|aria-label="[^"]*"|aria-hidden="true")'
)
_LONG_NUMBER = re.compile(r"(\d+\.\d\d)\d+")
_TAG = re.compile(r"<[^>]+>")
_CLIP = re.compile(r'<clipPath id="(clip\d+)"')
_HATCH = (
    '<defs><pattern id="{id}" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    '<rect width="6" height="6" fill="{color}" fill-opacity="0.18"/>'
    '<line x1="0" y1="0" x2="0" y2="6" stroke="{color}" stroke-width="3"/></pattern></defs>'
)


def drawn(specification: dict[str, Any], name: str, color: str = NATION) -> str:
    """The figure as SVG text; ``name`` is unique on its page, ``color`` that of hatched marks.

    Marks carry their description as a tooltip; the figure as a whole is an image with one description.
    """
    return _drawn(json.dumps(specification, ensure_ascii=False), name, color)


@lru_cache(maxsize=_KEPT)
def _drawn(specification: str, name: str, color: str) -> str:
    refuse_too_little()
    svg = str(vl_convert.vegalite_to_svg(specification, vl_version=VEGA_LITE))
    svg = _MARK.sub(r"<path\1\3><title>\2</title></path>", svg)
    svg = _ARIA.sub("", svg)
    svg = re.sub(r' class="[^"]*"', "", svg)
    # Vega numbers clips through the life of a process; a page holds many figures, and is the same each time.
    for number, clip in enumerate(dict.fromkeys(_CLIP.findall(svg))):
        svg = re.sub(rf"\b{clip}\b", f"{name}-{number}", svg)
    # a hundredth is enough for places and shades; what is written in the figure stays as it is
    svg = _TAG.sub(lambda tag: _LONG_NUMBER.sub(r"\1", tag[0]), svg)
    if HATCHED in svg:
        hatch = _HATCH.format(id=f"hatch-{name}", color=color)
        svg = svg.replace(f'fill="{HATCHED}"', f'fill="url(#hatch-{name})"')
        svg = re.sub(r"(<svg[^>]*>)", lambda m: m[1] + hatch, svg, count=1)
    return svg


def for_page(svg: str, description: str) -> str:
    """The SVG as the page holds it: colours that follow the page, sizes that follow its width."""
    for color, variable in VARIABLES.items():
        svg = svg.replace(f'"{color}"', f'"var({variable})"')
    label = description.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")
    svg = svg.replace(f' font-family="{FONT}"', "").replace(
        ' font-family="' + FONT.replace(", ", ",") + '"', ""
    )
    return svg.replace("<svg ", f'<svg role="img" aria-label="{label}" ', 1)


def for_file(svg: str) -> str:
    """The SVG as a file of its own, on white."""
    return re.sub(r"(<svg[^>]*>)", r'\1<rect width="100%" height="100%" fill="#ffffff"/>', svg, count=1)


@lru_cache(maxsize=_KEPT)
def png(svg: str) -> bytes:
    """A picture of the SVG, twice as many pixels as its size in CSS."""
    return bytes(vl_convert.svg_to_png(svg, scale=PNG_SCALE))


@cache
def has_chinese_font() -> bool:
    """Whether pictures can show Chinese: without a font two characters look the same (boxes, or nothing)."""
    one, two = (
        png(
            '<svg xmlns="http://www.w3.org/2000/svg" width="24" height="24">'
            f'<text x="2" y="20" font-size="18" font-family="{FONT}">{character}</text></svg>'
        )
        for character in "中国"
    )
    return one != two
