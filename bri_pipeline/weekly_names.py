"""What the name of a source file says: product, date, revision, and whether it is a second copy."""

from __future__ import annotations

import re
from pathlib import PurePath

# Weekly files of applications (pa, ipa: full text; pab, ipab: front pages) and grants (pg, ipg, pgb, ipgb).
WEEKLY_NAME = re.compile(
    r"(?P<product>i?p[ag]b?)(?P<date>(?:20)?\d{6})(?:_wk\d\d)?(?:_r(?P<revision>\d+))?", re.IGNORECASE
)
DATED_NAME = re.compile(r"i?p[ag]b?(?P<date>20\d{6}|\d{6})(?!\d)", re.IGNORECASE)
_REVISION = re.compile(r"_r\d+(?=\.[^.]+$)", re.IGNORECASE)

# As browsers (` (1)`, `[1]`), Windows (` - Copy (2)`), macOS (` copy 2`) and other file managers name a copy.
_WORD = (
    "(?:copy|kopie|copie|copia|cópia|kopia|kópia|kopi|kopio|kopya|másolat|αντίγραφο|копия|копія|bản sao|"
    "สำเนา|نسخة|עותק|副本|拷贝|拷貝|複製|复制|複本|备份|備份|コピー|복사본|사본|backup|bak)"
)
_COPY_BEFORE = re.compile(
    rf"^{_WORD}\s*(?:\((?P<number>\d+)\)\s*)?(?:(?:of|von|van|de|di|av|af)\s+|(?<=\s))", re.IGNORECASE
)
_COPY_AFTER = re.compile(
    rf"(?:(?:\s|%20|\+)*\((?P<number>\d+)\)|[\s_]*[-–—.]?[\s_]*[的の]?{_WORD}(?:\s*(?:\((?P<bracketed>\d+)\)|(?P<counted>\d+)))?)$",
    re.IGNORECASE,
)
# Marks of a copy only after a whole weekly name: a number, brackets (but not "part 2"), what sync programs add.
_BRACKETED = r"[(（\[](?!\s*(?:\d+\)|part|teil|partie|parte|deel|第|部分))[^()（）\[\]]*[)）\]]"
_MARK_OF_A_WEEK = re.compile(
    rf"(?:[\s_]*{_BRACKETED}|[ ~-](?P<number>\d{{1,2}})|_\d{{1,2}}_|\.sync-conflict-[\w-]+|\.zip|\s+)$",
    re.IGNORECASE,
)


def without_copy_marks(stem: str) -> tuple[str, int]:
    """The stem a copy was made of, and its place among the copies: 0 for a name without such marks.

    ``ipab20130103_wk01_r1 (1)`` is a copy of ``ipab20130103_wk01_r1``, and so is ``Copy of ipab20130103_wk01_r1``.
    """
    place = 0
    while True:
        match = _COPY_BEFORE.match(stem) or _COPY_AFTER.search(stem) or _mark_of_a_week(stem)
        if match is None or not (rest := stem[: match.start()] + stem[match.end() :]):
            return stem, place
        stem = rest
        place += int(next((number for number in match.groupdict().values() if number), 1))


def _mark_of_a_week(stem: str) -> re.Match[str] | None:
    """A mark that counts as one of a copy only after a whole weekly name; elsewhere it may be part of the name."""
    if not DATED_NAME.match(stem) or WEEKLY_NAME.fullmatch(stem):
        return None
    match = _MARK_OF_A_WEEK.search(stem)
    return match if match and WEEKLY_NAME.match(stem[: match.start()]) else None


def weekly_match(name: str) -> re.Match[str] | None:
    """Product, date and revision of a weekly file's name, marks of copies left out; null for any other file."""
    return WEEKLY_NAME.fullmatch(without_copy_marks(PurePath(name).stem)[0])


def week_of(name: str) -> tuple[str, str] | None:
    """(applications or grants, date) of a weekly file; null for any other file."""
    match = weekly_match(name)
    return (match["product"].lower().lstrip("i")[:2], match["date"][-6:]) if match else None


def revision_of(name: str) -> int:
    """2 for ``ipab20230126_wk04_r2.zip``, 0 for a base file or any other."""
    match = weekly_match(name)
    return int(match["revision"] or 0) if match else 0


def without_revision(name: str) -> str:
    """``ipab20230126_wk04.zip`` for ``ipab20230126_wk04_r2.zip``: the same for every file of a week."""
    return _REVISION.sub("", name)


def year_in(name: str) -> int | None:
    """The year a dated name says; null where it says none."""
    dated = DATED_NAME.match(without_copy_marks(PurePath(name).stem)[0])
    if not dated:
        return None
    digits = dated["date"]
    return int(digits[:4]) if len(digits) == 8 else 2000 + int(digits[:2])
