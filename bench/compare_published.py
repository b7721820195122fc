"""Compare two published files table by table, as before and after a change of the code that should change nothing.

``python bench/compare_published.py BEFORE.duckdb AFTER.duckdb`` prints one line per table that differs: columns that
are only in one of the two, and the number of rows that are only in one, over the columns both have. Times of landing
and building are left out, and the order of rows. Exit status 1 if anything differs.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

import duckdb

TIMES = {"landed_at", "built_at", "checked_at"}


def differences(before: Path, after: Path) -> Iterator[str]:
    """One line per table that is not the same in both files."""
    with duckdb.connect() as con:
        con.execute(f"attach '{before}' as before (read_only); attach '{after}' as after (read_only)")
        old, new = _tables(con, "before"), _tables(con, "after")
        for name in sorted(old.keys() | new.keys()):
            if name not in new or name not in old:
                yield f"{name}: only {'after' if name in new else 'before'}"
                continue
            if line := _difference(con, name, old[name], new[name]):
                yield f"{name}: {line}"


def _tables(con: duckdb.DuckDBPyConnection, database: str) -> dict[str, list[str]]:
    rows = con.execute(
        "select schema_name || '.' || table_name, list(column_name order by column_index) from duckdb_columns() "
        "where database_name = ? and not internal group by all",
        [database],
    ).fetchall()
    return dict(rows)


def _difference(con: duckdb.DuckDBPyConnection, name: str, old: list[str], new: list[str]) -> str:
    found = []
    if gone := sorted(set(old) - set(new)):
        found.append(f"without {', '.join(gone)}")
    if more := sorted(set(new) - set(old)):
        found.append(f"with {', '.join(more)}")
    columns = ", ".join(f'"{column}"' for column in old if column in new and column not in TIMES)
    counts = [_only_in(con, name, columns, *pair) for pair in (("before", "after"), ("after", "before"))]
    if any(counts):
        found.append(f"{counts[0]:,} rows only before, {counts[1]:,} only after")
    return "; ".join(found)


def _only_in(con: duckdb.DuckDBPyConnection, name: str, columns: str, one: str, other: str) -> int:
    [(count,)] = con.execute(
        f"select count(*) from (select {columns} from {one}.{name} except all select {columns} from {other}.{name})"
    ).fetchall()
    return int(count)


def main() -> int:
    """Print the differences."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("before", type=Path)
    parser.add_argument("after", type=Path)
    arguments = parser.parse_args()
    lines = list(differences(arguments.before, arguments.after))
    print("\n".join(lines) or "the same")
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main())
