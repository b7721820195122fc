"""The ``bri`` command. Each command imports what it needs when it runs, so that ``bri --help`` is quick."""

from __future__ import annotations

import errno
import logging
import sys
import traceback
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, ParamSpec

import click

from bri_pipeline import __version__
from bri_pipeline.errors import UserError
from bri_pipeline.files.open_files import allow_open_files
from bri_pipeline.printing import json_line, terminal_width, text_table
from bri_pipeline.progress import LogForwarder
from bri_pipeline.settings import Settings, load_settings
from bri_pipeline.streams import STANDARD_OUTPUT, prepare_streams
from bri_pipeline.visible import brief, visible
from bri_pipeline.years import parsed_years, year_blocks

if TYPE_CHECKING:
    from bri_pipeline.bars import Display
    from bri_pipeline.commands.find import Found
    from bri_pipeline.commands.run_outcome import RunOutcome
    from bri_pipeline.home import StudyHome
    from bri_pipeline.portal.download import DownloadResult
    from bri_pipeline.study import Study

P = ParamSpec("P")
FAILED_CHECKS, USER_ERROR = 1, 2
LONGEST_ERROR = 10_000
CANNOT_WRITE = {errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR, errno.ENOSPC, errno.EDQUOT}


class OutPath(click.Path):
    """A path to write to; an empty one, as of a variable that is not set, would be the current folder."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The path."""
        if value == "":
            self.fail("it is empty; name a file or folder", param, ctx)
        return super().convert(value, param, ctx)


class BriGroup(click.Group):
    """Prints a UserError as its sentences and exits with status 2; ``--debug`` shows where it came from."""

    def main(self, *args: Any, **kwargs: Any) -> Any:
        """Run the command line on streams that take any text, whatever the console's encoding."""
        prepare_streams()
        try:
            try:
                return super().main(*args, **kwargs)
            finally:
                sys.stdout.flush()
        except OSError as error:
            if error.filename != STANDARD_OUTPUT:
                raise
            if error.errno != errno.EPIPE:  # nobody reads on, as with `| head`
                say(
                    f"bri: What is printed cannot be written: {error.strerror}. Print it elsewhere.", err=True
                )
            sys.exit(USER_ERROR)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The commands with the whole first sentence of each; click would cut it."""
        listed = [(name, command.get_short_help_str(limit=1_000)) for name, command in self.commands.items()]
        with formatter.section("Commands"):
            formatter.write_dl(sorted(listed))

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command."""
        from bri_pipeline.commands.stopping import Stopped, stoppable

        try:
            with stoppable():
                return super().invoke(ctx)
        except Stopped as stopped:
            click.echo(stopped.sentence, err=True)
            ctx.exit(stopped.status)
        except UserError as error:
            if ctx.params.get("debug"):
                traceback.print_exc()
            text = str(error)
            say(f"bri: {text if len(text) <= LONGEST_ERROR else text[:LONGEST_ERROR] + ' ...'}", err=True)
            ctx.exit(USER_ERROR)
        # A library that met a full disk or lost its storage says so in words of its own.
        except Exception as error:
            said = _sentence_of(error)
            if said is None:
                raise
            if ctx.params.get("debug"):
                traceback.print_exc()
            say(f"bri: {said}", err=True)
            ctx.exit(USER_ERROR)


def _sentence_of(error: Exception) -> str | None:
    """What to say of a storage that is gone, or a disk that is full or cannot be written; null for any other error."""
    from bri_pipeline.files.disk import disk_sentence, texts_of
    from bri_pipeline.files.object_storage import storage_sentence

    if isinstance(error, OSError) and error.filename == STANDARD_OUTPUT:
        return None
    if of_storage := storage_sentence(error):
        return of_storage
    if isinstance(error, OSError) and error.errno in CANNOT_WRITE:
        where = f"{error.filename}: " if error.filename else ""  # writing to an open file, none is named
        return f"{where}{error.strerror}. Mend that, or set BRI_HOME to a folder you can write to."
    return next((said for text in texts_of(error) if (said := disk_sentence(text))), None)


@click.group(cls=BriGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="bri")
@click.option("--debug", is_flag=True, help="Show the traceback of an error.")
def main(debug: bool) -> None:
    """Who in a province invents with whom abroad, from US patent application publications.

    Start with `bri run`; it ends with the path of a report.
    """


def say(text: str, err: bool = False) -> None:
    """Print lines of data or messages; what a terminal would obey instead of showing is escaped."""
    click.echo(visible(text), err=err)


def study_option(command: Callable[P, None]) -> Callable[P, None]:
    """Add --study NAME_OR_PATH."""
    return click.option("--study", "study_name", metavar="NAME_OR_PATH", help="Study; default: BRI_STUDY.")(
        command
    )


def format_option(*formats: str) -> Callable[[Callable[P, None]], Callable[P, None]]:
    """Add --format with the given choices, the first one the default."""
    return click.option(
        "--format", "output", type=click.Choice(formats), default=formats[0], show_default=True
    )


@main.command()
@study_option
@click.option("--years", metavar="FROM:TO", help="Only these years of the window: 2010:2012 or 2010,2012.")
@click.option("--countries", metavar="SG,IN", help="Only these partner countries.")
@click.option(
    "--accept-loss",
    is_flag=True,
    help="Go on without files that were read before and are gone, are damaged, did not come, or hold less than before.",
)
def run(study_name: str | None, years: str | None, countries: str | None, accept_loss: bool) -> None:
    """Run a study: from the source files to checked tables and a report."""
    settings, home = _open(study_name, to_fill=True)
    window = home.study.years
    wanted_years = window if years is None else parsed_years(years, window, "the study's window")
    wanted_countries = _countries(countries, home.study)
    from bri_pipeline.commands.run import run_study, stopped_sentence
    from bri_pipeline.commands.stopping import run_beside
    from bri_pipeline.commands.summary import summary_lines

    with _progress() as shown:
        outcome = run_beside(
            partial(
                run_study, home, settings, wanted_years, wanted_countries, shown, accept_loss=accept_loss
            ),
            partial(stopped_sentence, home),
            shown.stop,
        )
    for line in outcome.said:
        say(line)
    if home.published.is_file():
        say("\n".join(summary_lines(home)))
    if not outcome.success:
        click.echo(f"\n{len(outcome.failures)} failed:", err=True)
        for failure in outcome.failures:
            say(f"  {failure}", err=True)
        click.echo(_after_failure(outcome), err=True)
        sys.exit(FAILED_CHECKS)


@main.command()
@study_option
@click.option(
    "--scope",
    metavar="CN-JS|CN|all",
    help="Province or country to write about, or all with patents; default: the study's own.",
)
@click.option(
    "--lang", type=click.Choice(["en", "zh", "both"]), default="en", show_default=True, help="Language."
)
@click.option("--out", type=OutPath(path_type=Path, file_okay=False), help="Folder to write to.")
def report(study_name: str | None, scope: str | None, lang: str, out: Path | None) -> None:
    """Write the report from the published tables: pages, figures and tables."""
    _, home = _open(study_name)
    allow_open_files()
    if out is None and home.published.exists():
        home.make_room("report")
    from bri_pipeline.commands.out import filling, folder_for, refuse_links
    from bri_pipeline.report.write import processes_for_pages, write_report

    folder = folder_for(home, out, home.report)
    refuse_links(out, "tables", "figures", "figures/*")
    languages: tuple[Literal["en", "zh"], ...] = ("en", "zh") if lang == "both" else (lang,)  # type: ignore[assignment]
    with _progress() as shown, filling(out):
        written = write_report(
            home.published,
            home.study,
            folder,
            scope=scope,
            languages=languages,
            processes=processes_for_pages(),
            progress=shown,
        )
    for note in written.notes:
        say(note, err=True)
    say(str(written.index))
    for page in written.pages:
        say(str(page))


@main.command()
@study_option
@click.option("--scope", metavar="CN-JS", help="Only this scope; default: the whole study.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["xlsx", "parquet", "csv", "graphml", "vosviewer"]),
    default="xlsx",
    show_default=True,
    help="Workbook, tables with a data package, or networks.",
)
@click.option("--out", type=OutPath(path_type=Path, file_okay=False), help="Folder to write to.")
def export(
    study_name: str | None,
    scope: str | None,
    form: Literal["xlsx", "parquet", "csv", "graphml", "vosviewer"],
    out: Path | None,
) -> None:
    """Write the published tables for other programs."""
    _, home = _open(study_name)
    allow_open_files()
    if out is None and home.published.exists():
        home.make_room("exports")
    from bri_pipeline.commands.out import filling, folder_for
    from bri_pipeline.export.write import FOLDERS, write_export

    folder = folder_for(home, out, home.exports / FOLDERS[form])
    with _progress() as shown, filling(out):
        written = write_export(home.published, home.study, form, folder, scope=scope, progress=shown)
    for path in written:
        say(str(path))


@main.command()
@study_option
@format_option("table", "json")
@click.argument("name", metavar="[TABLE/CHECK]", required=False)
def check(study_name: str | None, output: str, name: str | None) -> None:
    r"""Show what every check found, running what is missing or older than its table; or every offending row of one.

    \b
    bri check
    bri check raw.quarantine/every_document_readable

    Exit status 1 if a check of error severity fails.
    """
    _, home = _open(study_name)
    from bri_pipeline.commands.check import check_json, check_report, check_study, offending_rows

    if name is not None:
        rows, forbid_use = offending_rows(home, name, output)
        if rows:
            say(rows)
        if forbid_use:
            sys.exit(FAILED_CHECKS)
        return
    outcomes = check_study(home)
    say(check_json(outcomes) if output == "json" else check_report(outcomes))
    if any(outcome.forbids_use for outcome in outcomes):
        sys.exit(FAILED_CHECKS)


@main.command()
@study_option
@click.option(
    "--format",
    "output",
    type=click.Choice(["table", "csv", "json", "parquet"]),
    help="Default: by the ending of --out, else table.",
)
@click.option(
    "--out", type=OutPath(path_type=Path), help="File to write, replaced whole; CSV opens right in Excel."
)
@click.argument("sql", metavar="[SQL_OR_FILE]", required=False)
def query(study_name: str | None, output: str | None, out: Path | None, sql: str | None) -> None:
    """SQL on the published tables: given here, in a file, or on standard input.

    A query reads the published tables and nothing else: no other file, no network, no extension. It changes
    nothing and writes no file but --out.

    For example: bri query "from marts.by_country where scope = 'CN-JS' order by rank"
    """
    _, home = _open(study_name)
    from bri_pipeline.commands.query import read_sql, run_query

    run_query(home, read_sql(sql), output, out, sys.stdout, [Path(sql)] if sql else [])


@main.command()
@study_option
@format_option("table", "csv", "json")
@click.option("--sql", "with_sql", is_flag=True, help="Show the queries for the rows; JSON always has them.")
@click.argument("what", metavar="CLAIM_OR_TABLE")
@click.argument("cell", metavar="[KEY=VALUE]...", nargs=-1)
def trace(study_name: str | None, output: str, with_sql: bool, what: str, cell: tuple[str, ...]) -> None:
    """From a number to the publications behind it: its formula, and rows that add up to it.

    For example: bri trace by_country scope=CN-JS country=SG

    The first number of a table is meant unless another is named: bri trace by_country country=SG share
    """
    _, home = _open(study_name)
    from bri_pipeline.trace import trace_text

    say(trace_text(home, what, cell, output, with_sql=with_sql).removesuffix("\n"))


@main.command()
@format_option("table", "json")
@click.argument("file", metavar="FILE_OR_NUMBER")
def inspect(file: str, output: str) -> None:
    """Show what the parser reads from a USPTO file: xml or zip, one document or many.

    A publication number such as US20210210819A1 is looked up at the Open Data Portal instead.
    """
    from bri_pipeline.commands.inspect import format_table, records_of

    with _progress():
        records = records_of(file, load_settings())
        if output == "json":
            for record in records:
                click.echo(json_line(record))
        else:
            noted: list[dict[str, Any]] = []
            click.echo(format_table(_noting(records, noted), terminal_width()))
            for record in noted:
                say(f"{record['publication_number']}: {'; '.join(record['notes'])}")


@main.command()
@click.option("--inventors", metavar="CN,SG", help="Countries, each of which must have an inventor.")
@click.option("--year", "years", metavar="YEARS", help="Years of publication: 2013, 2010:2014 or 2010,2014.")
@click.option("--words", metavar="WORDS", help="Words that are all in the title, in any case and order.")
@click.option("--out", type=OutPath(path_type=Path), help="File to write; needed for Parquet.")
@format_option("table", "csv", "json", "parquet")
@click.argument(
    "paths", metavar="FILE_OR_FOLDER...", nargs=-1, required=True, type=click.Path(path_type=Path)
)
def find(
    inventors: str | None,
    years: str | None,
    words: str | None,
    out: Path | None,
    output: str,
    paths: tuple[Path, ...],
) -> None:
    """Publications whose inventors come from all the countries named, straight from weekly files.

    Needs no study and keeps nothing. Grants are found, too. With --inventors only documents that name all the
    countries are parsed; without it every document is.

    For example: bri find --inventors CN,SG --year 2013 archive/
    """
    from bri_pipeline.commands.find import files_of, found_text, write_found
    from bri_pipeline.commands.find import find as find_in
    from bri_pipeline.commands.find import question as question_of
    from bri_pipeline.commands.out import refuse_own_files

    if output == "parquet" and out is None:
        raise UserError("Parquet is written to a file: add --out FILE.")
    asked_years = (
        parsed_years(years, range(2001, date.today().year + 1), "2001 to this year") if years else []
    )
    asked, files = question_of(inventors, asked_years, words), files_of(paths)
    if out is not None:
        refuse_own_files(None, out, files)
    with _progress() as shown:
        found = find_in(files, asked, shown)
    if out is not None:
        write_found(found, output, out)
    else:
        text = found_text(found, output, terminal_width())
        click.echo(visible(text) if sys.stdout.isatty() else text, nl=False)
    _say_of_files(found)


def _say_of_files(found: Found) -> None:
    """What was read and what could not be, on stderr; ends with status 1 if a file could not be read."""
    say(
        f"{len(found.publications):,} found in {found.documents:,} documents of {found.files:,} files",
        err=True,
    )
    for document in found.unreadable:
        where = f"document {document.document_index} of {document.source_file}"
        say(f"{where} could not be read: {document.reason}", err=True)
    for problem in found.bad_files:
        say(f"not read: {problem}", err=True)
    if found.bad_files:
        sys.exit(FAILED_CHECKS)


def _noting(records: Iterable[dict[str, Any]], noted: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The records, those with notes put aside as they pass: a file may hold more than fits into memory."""
    for record in records:
        if record.get("notes"):
            noted.append(record)
        yield record


@main.command()
@format_option("table", "json")
@click.option(
    "--country",
    metavar="CODE",
    default="CN",
    show_default=True,
    help="Two-letter code of the country the addresses are in.",
)
@click.argument("texts", metavar="[TEXT]...", nargs=-1)
def place(texts: tuple[str, ...], country: str, output: str) -> None:
    """Province and city of inventors' address strings; lines of standard input where none is given."""
    from bri_pipeline.commands.place import answers, format_answers
    from bri_pipeline.settings import resource_dir

    given = list(texts) or [line.rstrip("\n") for line in sys.stdin]
    found = answers(given, resource_dir("data/reference"), country.strip().upper())
    if output == "json":
        for answer in found:
            click.echo(json_line(answer))
    else:
        click.echo(format_answers(found, terminal_width()), nl=False)


@main.command()
@study_option
@click.option(
    "--product", metavar="APPBLXML|PVPGPUBDIS", help="Bulk product; default: the one the study reads."
)
@click.option(
    "--years",
    metavar="FROM:TO",
    help="Publication years from 2001 on: 2010:2012 or 2010,2012; default: those of the study's window.",
)
def download(study_name: str | None, product: str | None, years: str | None) -> None:
    """Download the USPTO's files into the study's archive: only what is new or changed."""
    settings, home = _open(study_name, to_fill=True)
    from bri_pipeline.lake.fetch import download_to_archive
    from bri_pipeline.study import FIRST_YEAR

    published = range(FIRST_YEAR, date.today().year + 1)
    what = "the years of publication"
    wanted_years = home.study.years if years is None else parsed_years(years, published, what)

    failed = False
    for first, last in year_blocks(wanted_years):
        with _progress() as shown:
            result = download_to_archive(home, settings, product, range(first, last + 1), shown)
        for line in _downloaded_lines(result, home.archive):
            say(line)
        for failure in result.failed:
            say(f"{failure.name}: {failure.reason} {failure.way_out}", err=True)
        failed = failed or bool(result.failed or result.unlisted)
    if failed:
        sys.exit(FAILED_CHECKS)


def _downloaded_lines(result: DownloadResult, archive: Path) -> list[str]:
    there = len(result.unchanged) + len(result.adopted)
    counts = (
        f"{len(result.downloaded)} files downloaded ({result.bytes / 1e6:,.1f} MB), "
        f"{there} were there, {len(result.failed)} failed; {archive}"
    )
    return [*result.notes, counts]


@main.command()
@format_option("table", "json")
def studies(output: str) -> None:
    """List the studies there are."""
    from bri_pipeline.study import list_studies, load_study

    found = [load_study(str(path)) for path in list_studies().values()]
    columns = ("name", "title", "from", "to", "records", "file")
    rows = [
        (
            study.name,
            study.title,
            str(study.window_start),
            str(study.window_end or "date"),
            "synthetic" if study.synthetic else "real",
            str(study.path),
        )
        for study in found
    ]
    if output == "json":
        click.echo("\n".join(json_line(dict(zip(columns, row, strict=True))) for row in rows))
    else:
        click.echo(text_table(columns, rows, terminal_width()), nl=False)


@main.command()
@study_option
@click.option("--mend", is_flag=True, help="Mend what can be mended first: broken history, dead runs.")
@click.option("--archive", is_flag=True, help="Also read every archived file and compare it with its sha256.")
@format_option("table", "json")
def doctor(study_name: str | None, output: str, archive: bool, mend: bool) -> None:
    """Say what is missing or wrong on this machine and in this home, and how to mend it."""
    from bri_pipeline.commands.doctor import examine, examine_archive
    from bri_pipeline.commands.doctor import mend as mend_home

    with _progress() as shown:
        if mend:
            mend_home(load_settings(), study_name, shown)
        findings = examine(load_settings(), study_name)
        if archive:
            findings += examine_archive(load_settings(), study_name, shown)
    for finding in findings:
        say(json_line(asdict(finding)) if output == "json" else finding.line)
    if any(finding.is_error for finding in findings):
        sys.exit(FAILED_CHECKS)


@main.command()
@study_option
@click.option("--port", type=click.IntRange(1, 65535), default=3000, show_default=True)
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--allow-host",
    "names",
    multiple=True,
    metavar="NAME",
    help="Another name the UI is reached by, as behind a proxy, with the port if it is unusual; may be repeated.",
)
def ui(study_name: str | None, port: int, host: str, names: tuple[str, ...]) -> None:
    """Open the Dagster UI over the same instance and warehouse that `bri run` fills.

    A free port is taken where the one named is in use. Without --host it is reached from this machine only.
    """
    settings, home = _open(study_name, to_fill=True)
    from bri_pipeline.commands.ui import serve

    serve(home, settings, port, host, names)


def _after_failure(outcome: RunOutcome) -> str:
    kept = "" if outcome.published else "The published copy was left as it was. "
    where = (
        "`bri ui` shows where the run stopped" if outcome.stopped else "`bri check` shows the offending rows"
    )
    return f"{kept}{where}."


@contextmanager
def _progress() -> Iterator[Display]:
    """Shows the progress of a command, its warnings, and what the clients of online sources say while they wait."""
    from bri_pipeline.bars import shown_progress

    for name in ("bri_pipeline.portal", "bri_pipeline.openalex"):
        logging.getLogger(name).setLevel(logging.INFO)
    log = logging.getLogger("bri_pipeline")
    with shown_progress() as shown:
        forwarder = LogForwarder(shown)
        log.addHandler(forwarder)
        try:
            yield shown
        finally:
            log.removeHandler(forwarder)


def _open(study_name: str | None, *, to_fill: bool = False) -> tuple[Settings, StudyHome]:
    from bri_pipeline.home import StudyHome
    from bri_pipeline.study import load_study

    settings = load_settings()
    home = StudyHome.of(load_study(study_name or settings.study), settings)
    if to_fill:
        home.refuse_if_foreign()
        home.make_room()
        allow_open_files()
    return settings, home


def _countries(text: str | None, study: Study) -> list[str]:
    searched = [partner.iso2 for partner in study.searched]
    if text is None:
        return searched
    wanted = [code.strip().upper() for code in text.split(",") if code.strip()]
    unknown = [code for code in wanted if code not in searched]
    if unknown or not wanted:
        named = brief(", ".join(unknown) or "nothing")[1:-1]
        raise UserError(
            f"--countries {brief(text)}: {named} is not searched by {study.name}; "
            f"give some of those it searches: {', '.join(searched)}."
        )
    return wanted
