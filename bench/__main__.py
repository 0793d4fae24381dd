"""
Run benchmarks: all of them, or those named on the command line.

Each prints one JSON line per measurement; ``ratio`` is value ÷ baseline_value, both taken in this
process run as medians of at least three.
"""

from __future__ import annotations

import importlib
import json
import os
import pkgutil
import sys

import bench


def main() -> int:
    """Run what was asked for and print it; 2 when a name is unknown."""
    known = sorted(m.name for m in pkgutil.iter_modules(bench.__path__) if m.name[0] != "_")
    wanted = [a for a in sys.argv[1:] if a] or known
    unknown = [name for name in wanted if name not in known]
    if unknown:
        print(f"no benchmark {', '.join(unknown)}; there are: {', '.join(known)}", file=sys.stderr)
        return 2
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    os.environ["DATADEED_OUTBOX_NUDGE"] = "0"
    # The scratch database is populated by the people of the demo, who sign with its codes.
    os.environ["DATADEED_DEMO"] = "explicit"
    for name in wanted:
        for measurement in importlib.import_module(f"bench.{name}").run():
            print(json.dumps(measurement.as_row(), ensure_ascii=False), flush=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
