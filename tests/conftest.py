"""Fixtures for every test: servers that are dear to start, one a session."""

from collections.abc import Iterator

import pytest
from hypothesis import settings

from tests.servers import pds as real_pds
from tests.servers import snac as real_snac

settings.register_profile("rtm", deadline=None)  # a busy machine is no failure
settings.load_profile("rtm")


@pytest.fixture(scope="session")
def pds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[real_pds.Pds]:
    """Run a real PDS for the session, or skip the test, saying why."""
    if reason := real_pds.why_absent():
        pytest.skip(reason)
    with real_pds.running(tmp_path_factory.mktemp("pds")) as server:
        yield server


@pytest.fixture(scope="session")
def snac(tmp_path_factory: pytest.TempPathFactory) -> Iterator[real_snac.Snac]:
    """Run a real snac2 for the session, or skip the test, saying why."""
    if reason := real_snac.why_absent():
        pytest.skip(reason)
    with real_snac.running(tmp_path_factory.mktemp("snac")) as server:
        yield server
