"""The scratch database of the benchmarks: set up fresh, with the catalog of the demo open."""

from __future__ import annotations

import io
import os
from pathlib import Path
from typing import Any

SCRATCH = "datadeed_bench"


def open_scratch() -> None:
    """Set up an empty scratch database with baseline and demo people, and connect to it."""
    os.environ.setdefault("DATADEED_DATABASE", SCRATCH)
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connections

    # A database cannot be made anew under a connection to it.
    connections.close_all()
    call_command("setup_database", "--fresh", verbosity=0)


def open_catalog(folder: Path) -> tuple[Any, Any]:
    """Return the stage and the cast of the demo after its opening."""
    from demo.cast import Cast
    from demo.stage import Stage
    from demo.stories import opening

    cast = Cast()
    stage = Stage(folder=folder, acts=1, out=io.StringIO())
    opening.tell(stage, cast)
    return stage, cast
