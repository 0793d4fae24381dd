"""A supervisor over two small real services, for the tests: ``python -m tests.platform.roof``."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from config.services import Service
from config.supervisor import PortTaken, Supervisor

SLEEPER = (
    "import os, signal, sys, time\n"
    "def leave(*_):\n"
    "    time.sleep(float(sys.argv[1])); print('put everything back', flush=True); sys.exit(0)\n"
    "signal.signal(signal.SIGTERM, leave)\n"
    "print('working as', os.getpid(), flush=True)\n"
    "while True: time.sleep(0.05)\n"
)


def main(port: int, leave_seconds: float, stop_seconds_max: float) -> None:
    """Run a web server and a worker until a signal comes."""
    services = (
        Service(
            "web",
            (sys.executable, "-m", "http.server", "--bind", "127.0.0.1", str(port)),
            port,
            "PORT",
        ),
        Service(
            "worker",
            (sys.executable, "-c", SLEEPER, str(leave_seconds)),
            stop_seconds_max=stop_seconds_max,
        ),
    )
    roof = Supervisor(services=services, folder=Path.cwd(), environment=dict(os.environ))
    try:
        roof.run()
    except PortTaken as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main(int(sys.argv[1]), float(sys.argv[2]), float(sys.argv[3]))
