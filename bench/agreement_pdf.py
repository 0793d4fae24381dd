"""
agreement_pdf/…: an agreement of eighty pages, in seconds and in peak memory.

Cover, contents, thirty clauses and an annex of 1,650 rows whose head repeats on every page. Each
engine makes it in a process of its own: the seconds are processor time of the second document,
when fonts are loaded; the memory is the most the process ever held, fonts and Django included.
Beside ours stand reportlab with its own paragraphs, tables and fonts (``platypus``), which ours is
built on, and typst with its compiler kept. Both set the same clauses and rows, with simpler covers
and signature pages; ``pages`` and ``bytes`` tell how much came of it.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from statistics import median
from typing import Any

from bench import RUNS_MIN, Measurement

ENGINES = ("own", "platypus", "typst")
FIGURES = (("seconds", "s"), ("peak", "MB"))
PAGES_MIN = 80


def run() -> Iterator[Measurement]:
    """Make the agreement with every engine in turn, three times."""
    rounds = [{engine: _made_by(engine) for engine in ENGINES} for _ in range(RUNS_MIN)]
    assert rounds[0]["own"]["pages"] >= PAGES_MIN
    for figure, unit in FIGURES:
        values = {engine: median(one[engine][figure] for one in rounds) for engine in ENGINES}
        for engine in ENGINES[1:]:
            own, other = rounds[0]["own"], rounds[0][engine]
            yield Measurement(
                bench=f"agreement_pdf/{figure}/{engine}",
                value=values["own"],
                unit=unit,
                baseline=f"{engine} making the same clauses and rows",
                baseline_value=values[engine],
                more={
                    "pages": own["pages"],
                    "baseline_pages": other["pages"],
                    "bytes": own["bytes"],
                    "baseline_bytes": other["bytes"],
                },
            )


def _made_by(engine: str) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "bench._agreement", engine],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told
