"""Where Dagster keeps runs and events: SQLite files in the instance's folder, or Postgres."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit, urlunsplit

from bri_pipeline.errors import UserError
from bri_pipeline.visible import hidden_character

if TYPE_CHECKING:
    import sqlalchemy

# Names the database with its password, so it is handed to Dagster's processes and written nowhere.
URL_VARIABLE = "BRI_DAGSTER_STUDY_POSTGRES_URL"
BEGIN, END = "# storage, written by bri: begin\n", "# storage, written by bri: end\n"
SQLITE = """\
event_log_storage:
  module: bri_pipeline.orchestration.event_log
  class: BatchedSqliteEventLog
  config:
    base_dir: history/runs  # below this folder, which may be moved
"""
POSTGRES = f"""\
storage:
  postgres:
    postgres_url:
      env: {URL_VARIABLE}
"""
# Of a run in the UI a terminal shows what is said at least at this level; all of its events are in the UI.
TERMINAL = """\
python_logs:
  python_log_level: INFO
"""
LONGEST_SCHEMA = 63
# The one that dagster-postgres brings; SQLAlchemy would take another.
DRIVER = "postgresql+psycopg2"


def storage_block(on_postgres: bool, config: str = "") -> str:
    """The part of ``dagster.yaml`` that is written by this software: where runs and events are kept, what is printed.

    Args:
        on_postgres: whether Postgres keeps them.
        config: the file as it is. What is printed is left to it where the user's part has ``python_logs``.
    """
    printed = "" if re.search(r"^python_logs:", with_storage(config, ""), re.MULTILINE) else TERMINAL
    return BEGIN + (POSTGRES if on_postgres else SQLITE) + printed + END


def with_storage(config: str, block: str) -> str:
    """``dagster.yaml`` with its storage part replaced; unchanged where somebody removed the lines around it."""
    return re.sub(re.escape(BEGIN) + ".*?" + re.escape(END), lambda _: block, config, flags=re.DOTALL)


def use_postgres(url: str, study: str) -> None:
    """Make the study's own schema and hand its address to Dagster through the environment.

    Studies share a database: each has the schema ``bri_<study>``, so their runs and assets do not mix.

    Raises:
        UserError: dagster-postgres is not installed, or the database does not answer.
    """
    import sqlalchemy

    schema = schema_of(study)
    with _saying_what_is_wrong(url):
        engine = sqlalchemy.create_engine(_driver(url), connect_args={"connect_timeout": 10})
        try:
            with engine.begin() as connection:
                connection.execute(sqlalchemy.schema.CreateSchema(schema, if_not_exists=True))
        finally:
            engine.dispose()
    os.environ[URL_VARIABLE] = study_url(_driver(url), schema)


def is_lost_postgres(error: BaseException) -> bool:
    """Whether an error, or one that led to it, says that Postgres does not answer any more."""
    import sqlalchemy

    lost: tuple[type[BaseException], ...] = (sqlalchemy.exc.OperationalError, sqlalchemy.exc.InterfaceError)
    with suppress(ImportError):
        from dagster_postgres.utils import DagsterPostgresException

        lost = (*lost, DagsterPostgresException)
    seen: BaseException | None = error
    while seen is not None and not isinstance(seen, lost):
        seen = seen.__cause__ or seen.__context__
    return seen is not None


def lost_postgres(url: str) -> UserError:
    """What to say where Postgres went away while it was in use."""
    return UserError(
        f"The Postgres database of BRI_DAGSTER_POSTGRES_URL ({without_password(url)}) does not answer any more. "
        "Start it, then run the same command again; what was finished is kept."
    )


def schema_of(study: str) -> str:
    """``bri_<study>``, in letters that Postgres takes without quoting."""
    return re.sub(r"[^a-z0-9_]", "_", f"bri_{study.lower()}")[:LONGEST_SCHEMA]


def study_url(url: str, schema: str) -> str:
    """The address with the schema that unqualified tables are looked up and made in."""
    parts = urlsplit(url)
    query = [(name, value) for name, value in parse_qsl(parts.query) if name != "options"]
    query.append(("options", f"-csearch_path={schema}"))
    return urlunsplit(parts._replace(query=urlencode(query, quote_via=quote)))


def _driver(url: str) -> str:
    scheme, _, rest = url.partition("://")
    if scheme.split("+")[0] not in ("postgresql", "postgres") or not rest or not _is_readable(url):
        raise UserError(
            "BRI_DAGSTER_POSTGRES_URL is not the address of a Postgres database; "
            "write it as postgresql://USER:PASSWORD@HOST/DATABASE."
        )
    return f"{DRIVER}://{rest}"


def _is_readable(url: str) -> bool:
    """Whether Python and SQLAlchemy find a host, a port and a database in it, and a driver that takes them."""
    from sqlalchemy.engine import make_url
    from sqlalchemy.exc import ArgumentError

    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018
        make_url(url)
    except (ValueError, ArgumentError):
        return False
    # An @ after the host is a password's, whose / was not written as %2F: the host is then a part of the password.
    return hidden_character(unquote(url)) is None and "@" not in parts.path


@contextmanager
def _saying_what_is_wrong(url: str) -> Iterator[None]:
    import sqlalchemy

    try:
        import dagster_postgres  # noqa: F401

        yield
    except ImportError:
        raise UserError(
            "BRI_DAGSTER_POSTGRES_URL is set, but dagster-postgres is not installed. "
            "Install it: pip install 'bri-pipeline[postgres]'."
        ) from None
    except sqlalchemy.exc.SQLAlchemyError as error:
        raise UserError(
            f"The Postgres database of BRI_DAGSTER_POSTGRES_URL ({without_password(url)}) cannot be used "
            f"({_reason(error)}). Start it or correct the address; without the setting Dagster keeps SQLite files."
        ) from None


def without_password(url: str) -> str:
    """Host and database of an address, as it may be shown."""
    parts = urlsplit(url)
    return f"{parts.hostname or 'no host'}{parts.path}"


def _reason(error: sqlalchemy.exc.SQLAlchemyError) -> str:
    return type(getattr(error, "orig", None) or error).__name__
