"""Sentences made from numbers. Each is true whatever the numbers are: none, one, ties, a majority or not.

They take plain values and return text; the phrases are in the catalogue under ``leading`` and ``growth``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bri_pipeline.report import numbers
from bri_pipeline.report.language import Language

MOST_NAMED = 3


def leading(say: Language, what: str, members: Sequence[tuple[str, int]], total: int) -> str:
    """Who comes first among the members of a dimension, and who follows.

    Args:
        say: the language.
        what: ``country``, ``province``, ``field``, ``applicant``, ``city`` or ``region``.
        members: (name, patents), in any order; those without patents do not count.
        total: patents the shares refer to, at least as many as any member has.

    Returns:
        One sentence, empty if no member has patents. More than half is said only of more than half.
    """
    with_patents = sorted((m for m in members if m[1] > 0), key=lambda member: -member[1])
    if not with_patents or total <= 0:
        return ""
    most, first = most_of(with_patents)
    values = {
        "patents": say.counted("patents", most),
        "share": numbers.short_percent(most / total),
        "majority": say.say("leading.all" if most == total else "leading.majority")
        if 2 * most > total
        else "",
        "noun": say.say(f"noun.{what}.one"),
        "nouns": say.say(f"noun.{what}.other"),
    }
    if len(with_patents) == 1:
        return say.say("leading.only", name=say.in_sentence(first[0], first=True), **values)
    if len(first) > MOST_NAMED:
        return say.say("leading.tied_many", n=numbers.count(len(first)), **values)
    if len(first) > 1:
        return say.say("leading.tied", names=_joined(say, first, first=True), **values)
    next_most = with_patents[1][1]
    second = [name for name, patents in with_patents if patents == next_most]
    values["name"] = say.in_sentence(first[0], first=True)
    values["second_patents"] = numbers.count(next_most)
    if len(second) > MOST_NAMED:
        return say.say("leading.first_then_many", n=numbers.count(len(second)), **values)
    following = _joined(say, second)
    form = "leading.first_then" if len(second) == 1 else "leading.first_then_tied"
    return say.say(form, second=following, **values)


def most_of(members: Sequence[tuple[str, int]]) -> tuple[int, list[str]]:
    """The largest count, 0 for none, and the members that have it; no member if nobody has any."""
    most = max((count for _, count in members), default=0)
    return most, [name for name, count in members if count == most] if most > 0 else []


def headline(say: Language, what: str, members: Sequence[tuple[str, int]]) -> str:
    """Who comes first, in a few words for the title of a figure; empty if no member has patents."""
    _, first = most_of(members)
    if not first:
        return ""
    if sum(patents > 0 for _, patents in members) == 1:
        return say.say("headline.only", name=say.in_sentence(first[0], first=True))
    if len(first) == 1:
        return say.say("headline.first", name=say.in_sentence(first[0], first=True))
    if len(first) <= MOST_NAMED:
        return say.say("headline.tied", names=_joined(say, first, first=True))
    return say.say("headline.tied_many", n=numbers.count(len(first)), nouns=say.say(f"noun.{what}.other"))


def peak(say: Language, years: Sequence[tuple[int, int]]) -> str:
    """The year with most, or the years, if they are few; empty if there is nothing in any."""
    most, first = most_of([(str(year), amount) for year, amount in years])
    if not first or len(first) > MOST_NAMED:
        return ""
    return say.say("headline.years", years=say.joined(first), n=numbers.count(most))


def titled(say: Language, finding: str, title: str) -> str:
    """A title that begins with the finding, where there is one."""
    return say.say("headline.titled", finding=finding, title=title) if finding else _capital(title)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _joined(say: Language, names: Sequence[str], *, first: bool = False) -> str:
    return say.joined([say.in_sentence(name, first=first and place == 0) for place, name in enumerate(names)])


def growth(say: Language, name: str, row: Mapping[str, Any] | None) -> str:
    """Whether the scope's co-invention grows, by the Poisson rate and its interval.

    Growth or decline is claimed only where the interval is on one side of zero.
    """
    if not row or row.get("poisson_rate") is None:
        return say.say("growth.unknown", name=name)
    rate, low, high = row["poisson_rate"], row["poisson_low"], row["poisson_high"]
    direction = "rises" if low > 0 else "falls" if high < 0 else "few" if row.get("is_small") else "open"
    return say.say(
        f"growth.{direction}",
        name=name,
        from_year=row["from_year"],
        to_year=row["to_year"],
        rate=numbers.short_percent(abs(rate) if direction == "falls" else rate),
        low=numbers.short_percent(low),
        high=numbers.short_percent(high),
        fall_low=numbers.short_percent(-high),
        fall_high=numbers.short_percent(-low),
    )


def models(say: Language, rows: Sequence[Mapping[str, Any]]) -> str:
    """Whether a trend or stages explain the years better, by the BIC of the Poisson models.

    ``rows``: method, stages (a number as text, or ``trend``), bic.
    """
    fits = [row for row in rows if row.get("bic") is not None]
    trend = next((row["bic"] for row in fits if row["stages"] == "trend"), None)
    best = min(
        (row for row in fits if row["stages"] != "trend"), key=lambda row: float(row["bic"]), default=None
    )
    if trend is None or best is None:
        return ""
    values = {
        "trend": numbers.decimal(trend),
        "best": numbers.decimal(best["bic"]),
        "best_stages": say.counted("stages", int(best["stages"])),
    }
    if trend < best["bic"]:
        return say.say("growth.trend_better", **values)
    return say.say("growth.constant" if int(best["stages"]) == 1 else "growth.stages_better", **values)


def compared_share(say: Language, name: str, whole: str, share: float, base: float) -> str:
    """Whether a share in the scope is higher than in the nation, lower or equal, both rounded as printed."""
    one, two = numbers.short_percent(share), numbers.short_percent(base)
    key = "equal" if one == two else "higher" if share > base else "lower"
    return say.say(f"compared.{key}", name=name, whole=whole, share=one, base=two)
