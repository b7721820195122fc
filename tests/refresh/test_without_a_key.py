"""A study filled through a proxy that adds the key itself: every command asks it, none is set here."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import Result

from tests.archives import random_archive
from tests.end_to_end.studies import bri
from tests.portal.standin import StandInPortal, denied

Bri = Callable[..., Result]


@pytest.fixture
def proxy(tmp_path: Path) -> Iterator[StandInPortal]:
    with StandInPortal(tmp_path / "portal") as portal:
        yield portal


@pytest.fixture
def command(tmp_path: Path, proxy: StandInPortal) -> Bri:
    """A command about a study whose archive the proxy can fill."""
    truth = random_archive(tmp_path / "portal" / "APPBLXML", seed=14, years=(2024,), size=60)
    start, end = truth.window
    file = tmp_path / "study.toml"
    file.write_text(
        f'name = "proxied"\nfocal_country = "CN"\nwindow = {{ start = {start}, end = {end} }}\n'
        f"partners = {list(truth.partners)}\n"
    )
    environment = {"BRI_ODP_URL": proxy.url}
    return lambda name: bri(tmp_path / "home", name, "--study", str(file), env=environment)


@pytest.mark.slow
def test_a_run_downloads_and_then_asks_for_what_is_new(command: Bri, proxy: StandInPortal) -> None:
    first = command("run")
    assert first.exit_code == 0, first.output
    assert len(proxy.asked("/datasets/products/files/")) == 3
    asked = len(proxy.requests)

    second = command("run")

    assert second.exit_code == 0 and "Nothing new" in second.output
    assert {request.path for request in proxy.requests[asked:]} == {"/api/v1/datasets/products/APPBLXML"}


def test_a_portal_that_fails_names_the_way_to_do_without_it(command: Bri, proxy: StandInPortal) -> None:
    assert command("download").exit_code == 0
    proxy.fault("/datasets/products/APPBLXML", denied(), times=9)

    refused = command("run")

    assert refused.exit_code == 2
    assert "To run on the files that are there already, unset BRI_ODP_URL." in refused.stderr
