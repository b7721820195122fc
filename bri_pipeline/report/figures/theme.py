"""How every figure looks: colours for colour-blind readers too, type sizes, no frame, labels at the marks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import altair as alt

INK, SOFT, GRID, BAND, LAND = "#1b1f24", "#59636e", "#e3e7eb", "#eef1f4", "#d6dde4"
NATION, SCOPE, THIRD = "#0072b2", "#b8500a", "#6b7885"
# Marks of this colour are hatched when the figure is drawn (render.py): a year that is not whole.
HATCHED = "#abcdef"
WIDE, NARROW = 880, 350
FONT = "Arial, Liberation Sans, DejaVu Sans, Noto Sans CJK SC, Microsoft YaHei, PingFang SC, sans-serif"
TEXT = 13
CHARACTER = 6.7  # mean width of a letter at that size; a Chinese character takes twice as much

# What the page replaces by its own variables, so that a figure follows its light or dark mode.
VARIABLES = {
    INK: "--ink",
    SOFT: "--soft",
    GRID: "--grid",
    BAND: "--band",
    LAND: "--land",
    NATION: "--nation",
    SCOPE: "--scope",
    THIRD: "--third",
}

Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class Words:
    """What a figure says to those who do not see it; the signs are those of its language."""

    description: str
    comma: str = ", "
    colon: str = ": "

    def hint(self, *names: object, value: str) -> str:
        """What a mark says: ``Jiangsu, ASEAN: 67.8%``."""
        return self.comma.join(str(name) for name in names) + self.colon + value


def data(rows: Rows) -> alt.InlineData:
    """Rows as inline data; an Altair chart needs no data frame.

    A tuple: Altair copies lists value by value, each time a chart is layered.
    """
    return alt.InlineData(values=tuple(rows))


def text_width(text: str) -> float:
    """About how wide a label will be."""
    return sum(CHARACTER * (2 if ord(character) > 0x2E7F else 1) for character in text)


# Advances of Arial, and of Liberation Sans, which the renderer brings where there is no Arial, in thousandths of the
# type size: those of the widest character of each group. What is in none is no wider than a Chinese character.
_ADVANCES = {
    "'ijl": 223,
    " !,./:;[]\\|()-frtI`": 334,
    '"*cksvxyzJ{}^~': 587,
    "abdeghnopqu#$_0123456789L+<=>?–": 587,
    "ABEFKPSTVXYZ&": 667,
    "CDGHNOQRUw": 779,
    "Mm%W@": 1016,
}
_ADVANCE = {character: width for group, width in _ADVANCES.items() for character in group}


def no_wider(text: str, size: float, room: float) -> bool:
    """Whether every line of the text surely fits the room, in pixels, at a size of type."""
    widths = (sum(_ADVANCE.get(one, 1016) for one in line) for line in text.split("\n"))
    return max(widths) * size / 1000 <= room


def limit_of(texts: Iterable[str], size: float, room: float) -> float:
    """The limit of marks with these texts: 0, which is none, where all fit.

    Vega measures a text three times if there is a limit, and measuring is most of what drawing a figure takes.
    """
    return 0 if all(no_wider(text, size, room) for text in texts) else room


def at_pixels(channel: Callable[..., Any], value: float | str) -> Any:
    """A place in pixels, as its channel: Altair takes milliseconds to find the channel of ``alt.value``."""
    return channel(value)


def two_lines(text: str, room: float) -> str:
    """The text, on two lines of about one length where it is wider than its room and has a space."""
    if text_width(text) <= room or " " not in text:
        return text
    spaces = [place for place, character in enumerate(text) if character == " "]
    middle = min(spaces, key=lambda place: max(text_width(text[:place]), text_width(text[place:])))
    return f"{text[:middle]}\n{text[middle + 1 :]}"


def names_at_left(rows: Sequence[dict[str, Any]], y: alt.Y, room: float, gap: float) -> list[alt.Chart]:
    """The names of rows beside their marks, so many pixels to the left of them; long ones on two smaller lines."""
    one: Rows = []
    two: Rows = []
    for row in rows:
        name = two_lines(str(row["name"]), room)
        (two if "\n" in name else one).append({**row, "name": name})
    layers = []
    for listed, size, up in ((one, TEXT, 0), (two, TEXT - 2, 6)):
        fitting = [row for row in listed if no_wider(row["name"], size, room)]
        # Only names that might not fit have a limit, for the reason that ``limit_of`` gives.
        for part, limit in ((fitting, 0), ([row for row in listed if row not in fitting], room)):
            if part:
                text = alt.Chart(data(part)).mark_text(
                    align="right",
                    baseline="middle",
                    color=INK,
                    limit=limit,
                    xOffset=-gap,
                    yOffset=-up,
                    fontSize=size,
                    lineBreak="\n",
                    lineHeight=size + 1,
                )
                layers.append(text.encode(y=y, x=at_pixels(alt.XValue, 0), text=alt.Text("name:N")))
    return layers


@cache
def _look() -> dict[str, Any]:
    """The look of every figure as Vega-Lite's configuration."""
    config = alt.Config(
        font=FONT,
        padding={"left": 2, "right": 2, "top": 4, "bottom": 2},
        view=alt.ViewConfig(stroke=None),
        axis=alt.AxisConfig(
            labelColor=SOFT,
            labelFontSize=TEXT - 1,
            titleColor=SOFT,
            titleFontSize=TEXT - 1,
            titleFontWeight="normal",
            gridColor=GRID,
            domainColor=INK,
            tickColor=INK,
            labelLimit=0,
        ),
        text=alt.MarkConfig(fontSize=TEXT, color=INK),
    )
    return dict(config.to_dict(validate=False))


def finished(
    layers: Sequence[alt.Chart],
    description: str,
    width: float,
    height: float,
    projection: alt.Projection | None = None,
) -> dict[str, Any]:
    """The layers as a Vega-Lite specification: size in pixels, the house's look, a sentence for who does not see it."""
    datasets: dict[str, Any] = {}
    return _looking(_put_together(Panel(layers, width, height, projection), datasets), datasets, description)


@dataclass(frozen=True)
class Panel:
    """One of several pictures of a figure, with its size in pixels."""

    layers: Sequence[alt.Chart]
    width: float
    height: float
    projection: alt.Projection | None = None


def panels(parts: Sequence[Panel], description: str, beside: bool, between: int) -> dict[str, Any]:
    """Pictures beside each other or one above the other, so many pixels apart, as one figure."""
    datasets: dict[str, Any] = {}
    drawn = [_put_together(part, datasets) for part in parts]
    together = {"hconcat" if beside else "vconcat": drawn, "spacing": between}
    return _looking(together, datasets, description)


def _put_together(panel: Panel, datasets: dict[str, Any]) -> dict[str, Any]:
    """The layers as dicts: `alt.layer` and each of a chart's methods copy every part of it, several times."""
    context = {"datasets": datasets, "top_level": False}
    drawn = [layer.to_dict(validate=False, context=context) for layer in panel.layers]
    for layer in drawn:
        _hide_default_description(layer)
    projection = {"projection": panel.projection.to_dict(validate=False)} if panel.projection else {}
    return {"layer": drawn, "width": panel.width, "height": panel.height, **projection}


def _looking(figure: dict[str, Any], datasets: dict[str, Any], description: str) -> dict[str, Any]:
    return {
        "$schema": alt.SCHEMA_URL,
        **figure,
        "datasets": datasets,
        "description": description,
        "background": "transparent",
        "config": _look(),
    }


def _hide_default_description(layer: dict[str, Any]) -> None:
    """Keep Vega from describing marks by their column names (``from: 2009.5``): those with words have their own."""
    if "description" not in layer.get("encoding", {}):
        layer["mark"] = {**layer["mark"], "aria": False}
