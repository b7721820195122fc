"""Where things live and what the environment says; nothing is read at import.

Settings (environment first, then a ``.env`` file in the working directory):

BRI_HOME           folder under which everything the software makes lives; default ``data/local`` of the
                   checkout, or the platform's folder for data when installed as a wheel
BRI_STUDY          study used when none is named; default ``jiangsu-2018``
BRI_ODP_URL        base address of the Open Data Portal; default the USPTO's
BRI_WORKERS        processes that scan files; default: the cores of the machine, at most 4
BRI_LAKE           folder, or ``s3://bucket/prefix``, under which archive and landed files are, where it is not BRI_HOME
BRI_CLUSTER        address of a Dask scheduler whose workers read the files, from the environment only; default: this
                   machine reads them
BRI_MEMORY         memory DuckDB may use, such as ``4GB``; default: half of the machine's
USPTO_API_KEY      key of the Open Data Portal; never logged, never written
OPENALEX_API_KEY   key of OpenAlex, for papers; never logged, never written
BRI_OPENALEX_URL   base address of OpenAlex's API; default its own
BRI_ALERT_WEBHOOK  address that is notified of a failed run (optional)
BRI_DAGSTER_POSTGRES_URL
                   Postgres database for Dagster's runs and events; default: SQLite files in the study's folder
"""

from __future__ import annotations

import io
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import cast
from urllib.parse import urlsplit

import platformdirs
from dotenv import dotenv_values
from dotenv.parser import parse_stream
from dotenv.variables import Variable, parse_variables

from bri_pipeline.csv_rows import utf8_text
from bri_pipeline.errors import UserError
from bri_pipeline.resources import CHECKOUT, PACKAGE, resource_dir
from bri_pipeline.visible import brief, hidden_character
from bri_pipeline.web_address import origin, passwords_in, passwords_of_proxies

__all__ = [
    "CHECKOUT",
    "PACKAGE",
    "STARTED_IN",
    "Settings",
    "load_settings",
    "may_ask_portal",
    "resource_dir",
    "working_directory",
]

STARTED_IN = "BRI_STARTED_IN"
"""Set by `bri ui` for its processes, which it starts elsewhere: the folder it was started in."""

DEFAULT_ODP_URL = "https://api.uspto.gov"
DEFAULT_OPENALEX_URL = "https://api.openalex.org"
DEFAULT_STUDY = "jiangsu-2018"
LEAST_MEMORY = 100 * 10**6  # bytes
_BYTES = {"K": 10**3, "M": 10**6, "G": 10**9, "T": 10**12}
_LONGEST_ADDRESS = 2_000
# SQLite takes 512 bytes, of which the study, Dagster's folders and the id of a run need their part.
_LONGEST_HOME = 350
# Dagster writes the path of its databases into an address, and takes that of its settings for a pattern: where it finds
# none, it sends statistics of use and forgets how runs are queued.
_NOT_IN_ADDRESSES = re.compile(r"[?\[]|%[0-9A-Fa-f]{2}")
# Address -> the key, or password, that goes with every request to it.
_SENT_TO = {
    "BRI_ODP_URL": "USPTO_API_KEY",
    "BRI_OPENALEX_URL": "OPENALEX_API_KEY",
    "BRI_DAGSTER_POSTGRES_URL": "PGPASSWORD",
}
_FOLDERS = ("BRI_HOME", "BRI_LAKE")
_OWN_NAMES = ("BRI_", "USPTO_", "OPENALEX_")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
_S3 = re.compile(r"s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](?:/(?![.]{1,2}(?:/|$))[A-Za-z0-9._-]+)*", re.ASCII)
_HOST_AND_PORT = re.compile(r"(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\]):[0-9]{1,5}", re.ASCII)


@dataclass(frozen=True)
class Settings:
    """The environment, read once per command; ``memory`` is null for half of the machine's."""

    home: Path
    study: str
    odp_url: str
    workers: int
    api_key: str | None = field(repr=False)
    alert_webhook: str | None = field(repr=False)
    memory: str | None = None
    dagster_postgres_url: str | None = field(repr=False, default=None)
    lake: Path | None = None
    cluster: str | None = None
    openalex_url: str = DEFAULT_OPENALEX_URL
    openalex_key: str | None = field(repr=False, default=None)

    @property
    def secrets(self) -> list[str]:
        """The values that no text that leaves this machine may hold."""
        known = (self.api_key, self.openalex_key, self.alert_webhook, self.dagster_postgres_url)
        addresses = (self.odp_url, self.openalex_url, self.dagster_postgres_url or "")
        passwords = [password for address in addresses for password in passwords_in(address)]
        return [*(secret for secret in known if secret), *passwords, *passwords_of_proxies()]

    @property
    def may_ask_portal(self) -> bool:
        """Whether requests to the portal can be expected to be answered."""
        return may_ask_portal(self.odp_url, self.api_key)


def may_ask_portal(odp_url: str, api_key: str | None) -> bool:
    """The USPTO answers nobody without a key; behind another address a proxy may add one."""
    return bool(api_key) or odp_url != DEFAULT_ODP_URL


def load_settings() -> Settings:
    """Read the environment and ``.env``.

    Raises:
        UserError: a setting has a value that cannot be used.
    """
    values = _values()
    webhook = values.get("BRI_ALERT_WEBHOOK")
    return Settings(
        home=_home(values.get("BRI_HOME")),
        study=values.get("BRI_STUDY", DEFAULT_STUDY),
        odp_url=_address("BRI_ODP_URL", values.get("BRI_ODP_URL", DEFAULT_ODP_URL)).rstrip("/"),
        workers=_workers(values.get("BRI_WORKERS")),
        api_key=values.get("USPTO_API_KEY"),
        alert_webhook=_address("BRI_ALERT_WEBHOOK", webhook) if webhook else None,
        memory=_memory(values.get("BRI_MEMORY")),
        dagster_postgres_url=values.get("BRI_DAGSTER_POSTGRES_URL"),
        lake=_lake(values.get("BRI_LAKE")),
        cluster=_cluster(values.get("BRI_CLUSTER")),
        openalex_url=_address(
            "BRI_OPENALEX_URL", values.get("BRI_OPENALEX_URL", DEFAULT_OPENALEX_URL)
        ).rstrip("/"),
        openalex_key=values.get("OPENALEX_API_KEY"),
    )


def memory_setting() -> str | None:
    """What ``BRI_MEMORY`` says of DuckDB's memory; null for the default, half of the machine's.

    Raises:
        UserError: it is no amount of memory.
    """
    return _memory(_values().get("BRI_MEMORY"))


def working_directory() -> Path:
    """The folder the command was started in: of a process of `bri ui`, the one that `bri ui` was started in.

    Raises:
        UserError: it is gone.
    """
    try:
        return Path(os.environ.get(STARTED_IN) or Path.cwd())
    except FileNotFoundError:
        raise UserError("The working directory is gone; change to another one.") from None


def _values() -> Mapping[str, str]:
    """The settings that are given and not empty: those of ``.env``, then those of the environment.

    Raises:
        UserError: ``.env`` is not UTF-8 text, names an address that a key of the environment would be sent to or a
            cluster, or asks for another variable of the environment.
    """
    file = working_directory() / ".env"
    given = _file_values(file) if file.is_file() else {}
    _refuse_blanks_around_folders({**given, **os.environ})
    in_file, in_environment = _not_empty(given), _not_empty(os.environ)
    _refuse_address_for_a_key(file, in_file, in_environment)
    _refuse_cluster(file, in_file, in_environment)
    return {**in_file, **in_environment}


def _file_values(file: Path) -> dict[str, str | None]:
    """The lines of ``.env``, with ``${NAME}`` replaced by an earlier line of that name or by the user's folder.

    Not by other variables of the environment, which may hold secrets: a value may be an address.
    """
    known: dict[str, str | None] = {"HOME": os.environ.get("HOME")}
    given: dict[str, str | None] = {}
    written = utf8_text(file)
    if odd := next((one for one in parse_stream(io.StringIO(written)) if one.error), None):
        raise UserError(
            f"{file}, line {odd.original.line}: this is no line of the form NAME=value; a quote may not be closed. "
            "Correct the line, or begin it with #."
        )
    for name, text in dotenv_values(stream=io.StringIO(written), interpolate=False).items():
        parts = list(parse_variables(text or ""))
        for part in parts if name.startswith(_OWN_NAMES) else ():
            if isinstance(part, Variable) and part.default is None and part.name not in known:
                raise UserError(
                    f"{file} sets {name} by ${{{brief(part.name)[1:-1]}}}, which no line before it sets; variables of "
                    "the environment are not put into it. Write the value itself."
                )
        given[name] = known[name] = None if text is None else "".join(part.resolve(known) for part in parts)
    return given


def _refuse_blanks_around_folders(values: Mapping[str, str | None]) -> None:
    """Of other settings blanks are taken away; a folder's name may have some, and another folder would be used."""
    for name in _FOLDERS:
        value = values.get(name) or ""
        if value.strip() not in ("", value):
            raise UserError(
                f"{name} is {brief(value)}, with blanks around the name; take them away, or give another folder."
            )


def _not_empty(values: Mapping[str, str | None]) -> dict[str, str]:
    return {name: stripped for name, value in values.items() if (stripped := (value or "").strip())}


def _refuse_address_for_a_key(
    file: Path, in_file: Mapping[str, str], in_environment: Mapping[str, str]
) -> None:
    """A ``.env`` may have come with somebody else's folder; it shall not decide where the user's own key goes.

    Not to this machine either: another user of it may be the one who listens.
    """
    for address, key in _SENT_TO.items():
        if address in in_file and address not in in_environment and key in in_environment:
            raise UserError(
                f"{file} sets {address}, to which {key} of the environment would be sent. "
                f"If that is meant, set {address} in the environment too, or both in the file."
            )


def _refuse_cluster(file: Path, in_file: Mapping[str, str], in_environment: Mapping[str, str]) -> None:
    """Dask sends objects that run code where they are unpacked, so whoever answers there can run programs here."""
    name = "BRI_CLUSTER"
    if name in in_file and in_file[name] != in_environment.get(name):
        raise UserError(
            f"{file} sets {name}. Whoever answers at that address can run programs here, so it is taken from the "
            f"environment only: take the line away, or `export {name}=...` with the same address."
        )


def _home(value: str | None) -> Path:
    """The folder as a whole path; what no file system takes is refused before anything is made."""
    home = _default_home() if value is None else _folder("BRI_HOME", value)
    if found := _NOT_IN_ADDRESSES.search(str(home)):
        raise UserError(
            f"BRI_HOME is {brief(str(home))}, and Dagster cannot open its files below a folder with {found[0]} in "
            "its path; give another folder."
        )
    if (size := len(os.fsencode(home))) > _LONGEST_HOME:
        raise UserError(
            f"BRI_HOME is {brief(str(home))}, a path of {size:,} bytes; give one of {_LONGEST_HOME} at most."
        )
    return home


def _folder(name: str, value: str) -> Path:
    if hidden := hidden_character(value):
        raise UserError(f"{name} holds the character {hidden}, which cannot be seen; give another folder.")
    try:
        folder = Path(value).expanduser().absolute()
        folder.lstat()
    except (FileNotFoundError, NotADirectoryError, PermissionError):
        return folder
    except (OSError, RuntimeError) as error:
        reason = getattr(error, "strerror", None) or str(error).rstrip(".")
        raise UserError(
            f"{name} is {brief(value)}, which cannot be a folder ({reason}); give another one."
        ) from None
    return folder


def _lake(value: str | None) -> Path | None:
    if value is None:
        return None
    if value.lower().startswith("s3:"):
        return _bucket(value)
    if _SCHEME.match(value):  # what follows may hold a password
        raise UserError(
            "BRI_LAKE is neither a folder nor s3://bucket/prefix; mount other storage and give its folder."
        )
    return _folder("BRI_LAKE", value)


def _bucket(value: str) -> Path:
    """A folder in object storage, which is used like a path."""
    if not _S3.fullmatch(value.rstrip("/")):
        raise UserError(
            "BRI_LAKE is no address in object storage; write it as s3://bucket/prefix, in letters, digits, dots and "
            "hyphens, and give keys in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY."
        )
    if not all(map(find_spec, ("s3fs", "upath"))):
        raise UserError(
            "BRI_LAKE in object storage needs s3fs, which is not installed: pip install 'bri-pipeline[s3]', or give a "
            "folder."
        )
    from upath import UPath

    # What workers write must be seen here, so nothing is remembered of what was there.
    return cast(Path, UPath(value.rstrip("/"), use_listings_cache=False))


def _cluster(value: str | None) -> str | None:
    """A scheduler's address; what is wrong may hold a password and is not shown."""
    if value is None:
        return None
    try:
        parts = urlsplit(value)
        after_port = parts.path or parts.query or parts.fragment
        usable = (
            parts.scheme == "tcp" and _HOST_AND_PORT.fullmatch(parts.netloc) and parts.port and not after_port
        )
    except ValueError:
        usable = False
    if not usable:
        raise UserError(
            "BRI_CLUSTER is no address of a Dask scheduler; write it as tcp://host:8786, as `dask scheduler` prints it."
        )
    return value


def _default_home() -> Path:
    if (CHECKOUT / "pyproject.toml").is_file():
        return CHECKOUT / "data" / "local"
    return platformdirs.user_data_path("bri-pipeline", appauthor=False)


def _workers(value: str | None) -> int:
    if value is None:
        return min(os.cpu_count() or 1, 4)
    if not re.fullmatch("[0-9]{1,3}", value) or int(value) == 0:
        raise UserError(f"BRI_WORKERS is {brief(value)}; give a whole number of processes, 1 to 999.")
    return int(value)


def _memory(value: str | None) -> str | None:
    if value is None:
        return None
    match = re.fullmatch(r"([0-9]{1,6}(?:\.[0-9]{1,3})?)\s*([KMGT]i?B)", value, re.IGNORECASE | re.ASCII)
    if not match:
        raise UserError(f"BRI_MEMORY is {brief(value)}; write an amount of memory as 4GB or 512MB.")
    amount, unit = match.groups()
    if float(amount) * _BYTES[unit[0].upper()] < LEAST_MEMORY:
        raise UserError(f"BRI_MEMORY is {value}; give {LEAST_MEMORY // 10**6}MB or more.")
    return f"{amount}{unit}"


def _address(name: str, value: str) -> str:
    """An http(s) address; the message shows nothing of it, since it may carry a password."""
    too_odd = hidden_character(value) or " " in value or len(value) > _LONGEST_ADDRESS
    if too_odd or origin(value) is None:
        raise UserError(f"{name} is no address that can be called; write it as https://host/path.")
    return value
