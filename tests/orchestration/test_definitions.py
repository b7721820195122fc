"""What Dagster is told: the asset graph, the jobs and the schedule."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import dagster as dg
import pytest

from bri_pipeline.definitions import build_definitions
from bri_pipeline.orchestration.jobs import RANGE_END, RANGE_START
from bri_pipeline.orchestration.partitions import year_partitions
from bri_pipeline.study import PaperSettings
from tests.orchestration.conftest import PARTNERS, Site, small_study

SNAPSHOT = Path(__file__).with_name("asset_graph.txt")
LAKE = {"archive/uspto_files", "landing/publications", *(f"raw/uspto_hits_{c.lower()}" for c in PARTNERS)}


def graph_lines(site: Site) -> Iterator[str]:
    """Group by group, each asset with what it reads and its checks; years for what is partitioned by year."""
    graph = site.definitions.resolve_asset_graph()
    checks: dict[dg.AssetKey, list[str]] = {}
    for check in graph.asset_check_keys:
        checks.setdefault(check.asset_key, []).append(check.name)
    nodes = {key: graph.get(key) for key in graph.get_all_asset_keys()}
    for group in sorted({node.group_name for node in nodes.values()}):
        yield f"[{group}]"
        for key in sorted(key for key, node in nodes.items() if node.group_name == group):
            yield key.to_user_string() + (" (by year)" if nodes[key].partitions_def else "")
            yield from (f"    reads {parent.to_user_string()}" for parent in sorted(nodes[key].parent_keys))
            yield from (f"    check {name}" for name in sorted(checks.get(key, [])))


def test_definitions_can_be_loaded(site: Site) -> None:
    dg.Definitions.validate_loadable(site.definitions)


def test_the_asset_graph_is_the_one_on_record(site: Site) -> None:
    """After a wanted change, `make generated` writes the lines again; read the difference."""
    if "WRITE_ASSET_GRAPH" in os.environ:
        SNAPSHOT.write_text("\n".join(graph_lines(site)) + "\n", encoding="utf-8")
    assert list(graph_lines(site)) == SNAPSHOT.read_text(encoding="utf-8").splitlines()


def test_groups_stand_in_the_order_of_the_data(site: Site) -> None:
    graph = site.definitions.resolve_asset_graph()
    for key in graph.get_all_asset_keys():
        for parent in graph.get(key).parent_keys:
            before, after = graph.get(parent).group_name, graph.get(key).group_name
            assert before <= after, f"{parent} ({before}) is read by {key} ({after})"


def test_every_asset_says_what_one_row_is(site: Site) -> None:
    graph = site.definitions.resolve_asset_graph()
    bare = [key for key in graph.get_all_asset_keys() if not (graph.get(key).description or "").strip()]
    assert bare == []


def test_every_asset_has_columns_or_a_page_an_owner_and_kinds_before_it_is_made(site: Site) -> None:
    graph = site.definitions.resolve_asset_graph()
    for key in graph.get_all_asset_keys():
        node = graph.get(key)
        assert node.owners and node.kinds and all(kind == kind.lower() for kind in node.kinds), key
        assert "```" not in (node.description or ""), f"{key}: the SQL has a field of its own"
        if key.path[0] in ("published", "report", "exports"):
            continue
        columns = node.metadata["dagster/column_schema"].columns
        assert columns and all(column.description and column.type != "unknown" for column in columns), key
        if key.path[0] not in ("archive", "landing") and not node.partitions_def:
            assert node.code_version, key
            assert node.metadata["dictionary"].value == f"/bri/tables#{'.'.join(key.path)}"


def test_what_is_kept_as_parquet_shows_its_columns_before_it_is_materialized(site: Site) -> None:
    graph = site.definitions.resolve_asset_graph()
    for key in ("landing/publications", "raw/uspto_hits_sg"):
        schema = graph.get(dg.AssetKey.from_user_string(key)).metadata["dagster/column_schema"]
        assert {"publication_number", "inventors", "ipc"} <= {column.name for column in schema.columns}
        assert [column.name for column in schema.columns if not column.description] == []


def test_jobs_take_what_their_names_say(site: Site) -> None:
    everything = {key.to_user_string() for key in site.definitions.resolve_asset_graph().get_all_asset_keys()}
    selected = {
        name: {
            key.to_user_string()
            for key in site.definitions.resolve_job_def(name).asset_layer.selected_asset_keys
        }
        for name in ("refresh", "lake", "marts")
    }
    assert selected == {"refresh": everything, "lake": LAKE, "marts": everything - LAKE}


@pytest.mark.parametrize(
    ("end", "today", "years"),
    [
        (date(2013, 6, 30), datetime(2026, 5, 1), ["2011", "2012", "2013"]),
        (None, datetime(2014, 1, 1, 12), ["2011", "2012", "2013", "2014"]),
        (None, datetime(2014, 12, 31), ["2011", "2012", "2013", "2014"]),
    ],
)
def test_partitions_follow_the_window(
    tmp_path: Path, end: date | None, today: datetime, years: list[str]
) -> None:
    assert year_partitions(small_study(tmp_path, end).study).get_partition_keys(today) == years


def tick(site: Site, at: datetime) -> dg.RunRequest | str:
    """What the schedule asks for at a moment: one run, or the reason for none."""
    schedule = site.definitions.resolve_schedule_def("monthly_refresh_schedule")
    with dg.build_schedule_context(
        scheduled_execution_time=at.replace(tzinfo=UTC), repository_def=site.definitions.get_repository_def()
    ) as context:
        data = schedule.evaluate_tick(context)
    if data.skip_message:
        return data.skip_message
    [request] = data.run_requests or []
    return request


def years_of(request: dg.RunRequest | str) -> tuple[str, str]:
    assert isinstance(request, dg.RunRequest), request
    return request.tags[RANGE_START], request.tags[RANGE_END]


def test_an_ordinary_month_refreshes_this_year(tmp_path: Path) -> None:
    assert years_of(tick(small_study(tmp_path, None), datetime(2025, 5, 3, 3))) == ("2025", "2025")


@pytest.mark.parametrize("month", [1, 2])
def test_january_and_february_refresh_last_year_as_well(tmp_path: Path, month: int) -> None:
    assert years_of(tick(small_study(tmp_path, None), datetime(2025, month, 3, 3))) == ("2024", "2025")


def test_two_years_of_months(tmp_path: Path) -> None:
    site = small_study(tmp_path, None)
    for number in range(24):
        year, month = 2024 + number // 12, number % 12 + 1
        first = year - 1 if month in (1, 2) else year
        request = tick(site, datetime(year, month, 3, 3))
        assert years_of(request) == (str(first), str(year)), f"{year}-{month}"
        assert isinstance(request, dg.RunRequest) and request.run_key == f"small-{year}-{month:02}"


def test_the_first_year_has_no_year_before(tmp_path: Path) -> None:
    assert years_of(tick(small_study(tmp_path, None), datetime(2011, 1, 3, 3))) == ("2011", "2011")


def test_a_closed_window_is_refreshed_no_more(tmp_path: Path) -> None:
    site = small_study(tmp_path, date(2013, 6, 30))
    assert "2013-06-30" in str(tick(site, datetime(2014, 5, 3, 3)))
    # the last weeks of the window may still be published again
    assert years_of(tick(site, datetime(2014, 1, 3, 3))) == ("2013", "2013")


def test_a_month_has_one_run_key(tmp_path: Path) -> None:
    site = small_study(tmp_path, None)
    keys = [tick(site, datetime(2024 + n // 12, n % 12 + 1, 3, 3)) for n in range(14)]
    assert len({request.run_key for request in keys if isinstance(request, dg.RunRequest)}) == 14
    again = tick(site, datetime(2024, 1, 3, 3))
    assert isinstance(again, dg.RunRequest) and isinstance(keys[0], dg.RunRequest)
    assert again.run_key == keys[0].run_key


def test_the_schedule_runs_monthly_and_is_off_until_switched_on(site: Site) -> None:
    schedule = site.definitions.resolve_schedule_def("monthly_refresh_schedule")
    assert (schedule.cron_schedule, schedule.execution_timezone) == ("0 3 3 * *", "UTC")
    assert schedule.default_status == dg.DefaultScheduleStatus.STOPPED


def test_a_study_with_papers_has_an_asset_for_them_and_the_tables_read_it(site: Site) -> None:
    papers, study = dg.AssetKey(["lake", "papers"]), site.study
    with_papers = replace(study, papers=PaperSettings("openalex_api", None))
    for one, is_there in ((study, False), (with_papers, True)):
        graph = build_definitions(one, site.settings).resolve_asset_graph()
        assert (papers in graph.get_all_asset_keys()) == is_there
        reads = graph.get(dg.AssetKey(["staging", "papers"])).parent_keys
        assert (papers in reads) == is_there
