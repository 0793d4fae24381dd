"""The board of the supervision: alerts by grade, cases, evaluations, exits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from oversight.models import Alert
from oversight.queries.alerts import AlertRow, alerts_board
from oversight.queries.case_rows import CaseRow
from oversight.queries.cases import my_cases
from oversight.queries.evaluations import EvaluationRow, my_evaluations
from oversight.queries.exits import ExitRow, my_exits

ROWS_EACH = 20


@dataclass(frozen=True, slots=True)
class Board:
    """What is open in supervision for one actor; ``grades`` are (grade, name, count)."""

    grades: tuple[tuple[str, str, int], ...]
    alerts: tuple[AlertRow, ...]
    cases: tuple[CaseRow, ...]
    evaluations: tuple[EvaluationRow, ...]
    exits: tuple[ExitRow, ...]


def supervision_board(*, actor: Any) -> Board:
    """Return what is open for an actor, each list bounded and in the order of urgency."""
    alerts = alerts_board(actor=actor)
    return Board(
        grades=tuple(
            (str(grade.value), str(grade.label), sum(1 for a in alerts if a.grade == grade.value))
            for grade in Alert.Grade
        ),
        alerts=alerts[:ROWS_EACH],
        cases=my_cases(actor=actor, open_only=True, limit=ROWS_EACH),
        evaluations=my_evaluations(actor=actor, open_only=True, limit=ROWS_EACH),
        exits=my_exits(actor=actor, open_only=True, limit=ROWS_EACH),
    )
