"""Which archives and other files cannot be opened here, by their first bytes or their names, and the way out."""

from __future__ import annotations

import re

from bri_pipeline.weekly_names import DATED_NAME, without_copy_marks

BEGINNING_BYTES = 512
"""How much of a file ``packed_as`` has to see."""

# Form -> how a file of it begins, and how its name ends.
_PACKED = {
    "a gzip file": (b"\x1f\x8b", (".gz", ".tgz", ".gzip")),
    "a bzip2 file": (b"BZh", (".bz2", ".tbz", ".tbz2", ".bz")),
    "an xz file": (b"\xfd7zXZ\x00", (".xz", ".txz", ".lzma")),
    "a Zstandard file": (b"\x28\xb5\x2f\xfd", (".zst", ".tzst", ".zstd")),
    "an lz4 file": (b"\x04\x22\x4d\x18", (".lz4",)),
    "a file of compress": (b"\x1f\x9d", (".z", ".taz")),
    "a 7z archive": (b"7z\xbc\xaf\x27\x1c", (".7z", ".7z.001")),
    "a RAR archive": (b"Rar!\x1a\x07", (".rar",)),
    "a cabinet file": (b"MSCF\x00\x00\x00\x00", (".cab",)),
    "a tar archive": (b"", (".tar",)),
}
_TAR, _TAR_AT = b"ustar", 257
_UNFINISHED = re.compile(
    r"\.(?:part|partial|crdownload|download|opdownload|filepart|dlpart|unconfirmed|incomplete|!ut|!qb|aria2|tmp|temp"
    r"|part\d*\.met)$",
    re.IGNORECASE,
)
_PART_OF_A_ZIP = re.compile(r"\.(?:z\d\d|zip\.\d{3}|zipx)$", re.IGNORECASE)
_SGML = (".sgm", ".sgml")
_ZIP = b"PK"
# What may be beside a weekly file under its name, and what the Red Book's units hold besides XML.
_BESIDE = re.compile(
    r"\.(?:txt|md|rst|pdf|html?|xhtml|css|csv|tsv|json|toml|ya?ml|log|lst|ini|cfg|doc|docx|xlsx?|rtf|py|r|sh|bat|ps1"
    r"|md5|sha\d*|sha\d*sum|md5sum|sig|asc|torrent|url|lnk|webloc|dtd|ent|mod|xsl|xsd|svg"
    r"|tiff?|png|jpe?g|gif|bmp|mol|cdx|cif|nb|seq|dat|parquet|duckdb)$",
    re.IGNORECASE,
)


def is_zip(beginning: bytes) -> bool:
    """Whether a file is a zip by its first bytes."""
    return beginning.startswith(_ZIP)


def is_sgml(name: str) -> bool:
    """Whether a file is SGML by its name."""
    return name.lower().endswith(_SGML)


def packed_as(beginning: bytes) -> str | None:
    """What a packed file is by its first bytes, ``a gzip file``; null where they are those of no form known here."""
    if beginning[_TAR_AT:].startswith(_TAR):
        return "a tar archive"
    return next((form for form, (magic, _) in _PACKED.items() if magic and beginning.startswith(magic)), None)


def unreadable_as(name: str, beginning: bytes = b"") -> str | None:
    """Why a file that may hold publications cannot be opened, as a predicate with the way out.

    Null where neither name nor first bytes say so: it may be a zip, XML, or something else altogether.
    """
    ending = name.lower()
    if _UNFINISHED.search(ending):
        return "is an unfinished download: let it end, or delete it and download the file again"
    if _PART_OF_A_ZIP.search(ending):
        return "is a part of a zip, or a zip of a form that cannot be read: unpack it and put the XML in its place"
    form = packed_as(beginning) or next(
        (form for form, (_, ends) in _PACKED.items() if ending.endswith(ends)), None
    )
    if form is not None:
        return f"is {form}, which is not opened: unpack it and put the .zip or .xml file in its place"
    if is_sgml(name):
        return "is SGML, the form of grants before 2002, which is not read: grants are read from 2002 on"
    return None


def may_be_week(name: str) -> bool:
    """Whether a name is a weekly file's but for its ending, and the ending not that of something else (``.md5``)."""
    return DATED_NAME.match(without_copy_marks(name)[0]) is not None and not _BESIDE.search(name)
