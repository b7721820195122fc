"""The claims of the paper beside the numbers found now, on the pages they are about."""

from __future__ import annotations

import re
from collections import Counter

from bri_pipeline.report import numbers
from bri_pipeline.report.language import Language
from bri_pipeline.report.numbers import Kind
from bri_pipeline.report.page import Section, Text
from bri_pipeline.report.reader import Reader, Row

_COLUMNS: tuple[tuple[str, Kind], ...] = (
    ("claim_id", "code"),
    ("quote", "text"),
    ("published", "text"),
    ("recomputed", "text"),
    ("verdict", "verdict"),
    ("explanation", "text"),
    ("trace", "command"),
)


def section(reader: Reader) -> Section | None:
    """Every claim on the page of the study's own scope, those of the nation alone on the nation's; else null."""
    rows = _claims(reader)
    if not rows:
        return None
    say = reader.say
    found = Counter(row["verdict"] for row in rows).most_common()
    counts = say.joined([_counted(say, verdict, n) for verdict, n in found])
    _put_into_words(reader, rows)
    for row in rows:
        row["trace"] = reader.trace(row["claim_id"])
        row["verdict"] = say.term("verdict", row["verdict"])
        row["published"] = listed_numbers(row["published"])
        row["explanation"] = _sentence(row["explanation"])
    table = reader.table(
        "claims", "marts.paper_claims", _COLUMNS, rows, top=1000, kind="claims", by_rank=False
    )
    return Section(
        "claims-section", say.say("section.claims"), [Text(say.say("ledger.lead", counts=counts)), *table]
    )


def _put_into_words(reader: Reader, rows: list[Row]) -> None:
    """All that is not a quote of the paper in the page's language, the numbers found each with its name."""
    values: dict[str, list[Row]] = {}
    for value in reader.rows("select * from marts.claim_values order by claim_id, position"):
        values.setdefault(value["claim_id"], []).append(value)
    [summary] = reader.rows("select is_complete, country_years_landed, country_years from marts.summary")
    unread = None if summary["is_complete"] else (summary["country_years_landed"], summary["country_years"])
    for row in rows:
        claim, found = row["claim_id"], values.get(row["claim_id"], [])
        differing = [value for value in found if value["supports"] is False]
        row["published"] = reader.texts.printed(claim, row["published"])
        row["recomputed"] = reader.texts.recomputed(found)
        row["explanation"] = reader.texts.explanation(claim, differing, unread, row["explanation"])


def _counted(say: Language, verdict: str, n: int) -> str:
    """How many claims have a verdict; one the catalogue has no phrase for is named as the ledger writes it."""
    key = f"verdict_{verdict.replace(' ', '_')}"
    if say.has(f"counted.{key}"):
        return say.counted(key, n)
    return say.say("ledger.count", verdict=say.term("verdict", verdict), n=numbers.count(n))


def listed_numbers(text: str | None) -> str | None:
    """``12,34,5`` as ``12; 34; 5``, which cannot be read as one number; ``1,234`` stays."""
    if not text or text == "-":
        return None
    parts = text.split(",")
    is_list = len(parts) > 1 and all(re.fullmatch(r"\d+", part) for part in parts)
    return "; ".join(parts) if is_list and not re.fullmatch(r"\d{1,3}(,\d{3})+", text) else text


def _sentence(text: str | None) -> str | None:
    """The explanation with a capital and a full stop."""
    if not text:
        return text
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "?", "!", "。")) else ".")


def _claims(reader: Reader) -> list[Row]:
    if not reader.study.expected or not (reader.is_own or reader.is_national):
        return []
    rows = reader.rows("select * from marts.paper_claims where verdict != 'not judged' order by claim_id")
    if reader.is_own:
        return rows
    national = reader.rows(
        "select claim_id from marts.claim_values group by claim_id having bool_and(scope = ?)", reader.nation
    )
    ids = {row["claim_id"] for row in national}
    return [row for row in rows if row["claim_id"] in ids]
