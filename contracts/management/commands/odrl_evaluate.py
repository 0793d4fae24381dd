"""Evaluate an ODRL policy for a request in a state of the world."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from contracts.odrl import files
from contracts.odrl.errors import OdrlError, Unreadable
from contracts.odrl.evaluate import evaluate
from contracts.odrl.reader import read_policy
from contracts.odrl.report import report
from contracts.odrl.world import read_request, read_world, time_of
from core import clock

REFUSED = 2


class Command(BaseCommand):
    """Print what each rule of a policy says, or the term for which the policy is refused."""

    help = (
        "Evaluate an ODRL policy for a request in a state of the world and print the report of"
        " every rule as JSON. Exit 0: evaluated; exit 2: not evaluated, the reason is on stderr."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the three files: JSON-LD, or Turtle where rdflib is installed."""
        for name in ("policy", "request", "world"):
            parser.add_argument(name, type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        """Read, evaluate, print."""
        try:
            policy = read_policy(files.graph_of(options["policy"]))
            request = read_request(files.graph_of(options["request"]))
            world = read_world(files.graph_of(options["world"]))
        except OdrlError as error:
            kind = "UNREADABLE" if isinstance(error, Unreadable) else "REFUSED"
            self.stderr.write(f"{kind}: {error}")
            sys.exit(REFUSED)
        found = report(evaluate(policy, request, world), at=time_of(world) or clock.now())
        self.stdout.write(json.dumps(found, ensure_ascii=False, indent=2))
