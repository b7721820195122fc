"""What the tables say in English, in the language of a page: as stored, or in the words of a catalogue."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from bri_pipeline.report import chinese_texts
from bri_pipeline.report.language import Code, language


class TableTexts(Protocol):
    """The texts of the audit, of the checks and of the reader of files."""

    def printed(self, claim: str, published: str | None) -> str | None:
        """What the paper prints for a claim."""

    def recomputed(self, values: Sequence[Mapping[str, Any]]) -> str | None:
        """The numbers found for a claim, each with its name."""

    def explanation(
        self, claim: str, differing: Sequence[Mapping[str, Any]], unread: tuple[int, int] | None, english: str
    ) -> str:
        """What the audit found for a claim."""

    def member(self, english: str) -> str:
        """What an expected value is of: a country, a field, a year."""

    def check_description(self, check: str, english: str) -> str:
        """What a check looks for."""

    def reason(self, english: str) -> str:
        """Why a document was set aside."""

    def source(self, english: str) -> str:
        """Where in the paper an expected value is printed."""


class AsStored:
    """The texts as the tables hold them."""

    def printed(self, claim: str, published: str | None) -> str | None:
        """What the paper prints."""
        return published

    def recomputed(self, values: Sequence[Mapping[str, Any]]) -> str | None:
        """``hits: 12; patents: 11``."""
        return "; ".join(f"{value['label']}: {value['shown']}" for value in values)

    def explanation(
        self, claim: str, differing: Sequence[Mapping[str, Any]], unread: tuple[int, int] | None, english: str
    ) -> str:
        """The explanation; that of the tables says itself what differs."""
        return english

    def member(self, english: str) -> str:
        """As stored."""
        return english

    def check_description(self, check: str, english: str) -> str:
        """As stored."""
        return english

    def reason(self, english: str) -> str:
        """As stored."""
        return english

    def source(self, english: str) -> str:
        """As stored."""
        return english


def texts_of(code: Code) -> TableTexts:
    """The texts in a language: as stored where the catalogue says that the tables are in it."""
    return AsStored() if language(code).is_of_tables else chinese_texts
