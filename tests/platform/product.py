"""The whole product, started in a scratch folder as ``make run`` starts it."""

from __future__ import annotations

import http.client
import subprocess
import sys
import time
from pathlib import Path

import psycopg

from config import embedded
from tests.platform.conftest import ROOT, bare_environment
from tests.platform.test_supervisor import free_port

READY_SECONDS_MAX = 40
STOP_SECONDS_MAX = 25


class Product:
    """A running product in a scratch folder."""

    def __init__(self, folder: Path, cluster: embedded.Cluster) -> None:
        self.cluster = cluster
        self.port, self.gate_port = free_port(), free_port()
        self.log = folder / "run.log"
        environment = bare_environment(
            DATADEED_VAR_DIR=str(folder), PORT=str(self.port), GATE_PORT=str(self.gate_port)
        )
        manage = [sys.executable, "manage.py"]
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [*manage, "run"], cwd=ROOT, env=environment,
                stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT,
            )  # fmt: skip

    def wait_for_answer(self, port: int, path: str) -> None:
        limit = time.monotonic() + READY_SECONDS_MAX
        status = 0
        while status != 200:
            assert time.monotonic() < limit, f"{path} answers {status}:\n{self.log.read_text()}"
            time.sleep(0.1)
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            try:
                connection.request("GET", path)
                status = connection.getresponse().status
            except OSError:
                status = 0
            finally:
                connection.close()

    def wait_for_task(self) -> None:
        """Wait until the worker has taken a message that the scheduler has sent by now."""
        limit = time.monotonic() + READY_SECONDS_MAX
        query = "SELECT count(*) FROM broker.kombu_message WHERE NOT visible"
        before = self._count(query)
        while self._count(query) == before:
            assert time.monotonic() < limit, f"no task runs:\n{self.log.read_text()}"
            time.sleep(0.2)

    def wait_for_another_postmaster(self, first: int) -> None:
        limit = time.monotonic() + READY_SECONDS_MAX
        while True:
            try:
                self._count("SELECT 1")
            except psycopg.OperationalError:
                assert time.monotonic() < limit, self.log.read_text()
                time.sleep(0.05)
            else:
                assert embedded.find_postmaster(cluster=self.cluster) not in {None, first}
                return

    def _count(self, query: str) -> int:
        with self.cluster.connect(database=embedded.DATABASE) as connection:
            row = connection.execute(query).fetchone()
        return int(row[0]) if row else 0
