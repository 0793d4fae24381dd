"""
Tests on a server of their own.

Loaded by pytest before the settings are read. Without DATABASE_URL the tests start a second
embedded cluster that never waits for the disk; it is stopped after the run unless another run
uses it.
"""

from __future__ import annotations

import os

import pytest

os.environ["DATADEED_TESTING"] = "1"
# A test that needs an effect calls it; nothing runs beside it.
os.environ.setdefault("DATADEED_OUTBOX_NUDGE", "0")


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Stop the test cluster when the last run in this folder has ended."""
    if hasattr(session.config, "workerinput"):
        return
    from django.conf import settings

    from config import embedded

    cluster = settings.EMBEDDED_CLUSTER if settings.configured else None
    if cluster is not None and embedded.find_postmaster(cluster=cluster) is not None:
        embedded.stop_if_unused(cluster=cluster)
