"""The entries people may fill in on the form of a negotiation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from contracts import labels
from contracts.lattice import leaves
from contracts.models import Agreement
from contracts.queries.agreements import SEE
from contracts.terms import Terms, parse
from core.errors import NotFound
from workflow import policy

NUMBER, AMOUNT, CHOICE, WORDS = "number", "amount", "choice", "words"


@dataclass(frozen=True, slots=True)
class FormEntry:
    """One entry on a form; ``limit`` says in words what template, profiles and decision allow."""

    path: str
    label: str
    group: str
    kind: str
    value: Any
    limit: str
    choices: tuple[tuple[str, str], ...] = ()


# What parties usually talk about; everything else is open to machines through the same action.
NEGOTIABLE: tuple[tuple[str, str], ...] = (
    ("delivery.clients_max", NUMBER),
    ("retention.days", NUMBER),
    ("retention.backup_days", NUMBER),
    ("security.log_retention_months", NUMBER),
    ("security.incident_notice_hours", NUMBER),
    ("audit.notice_working_days", NUMBER),
    ("reporting.every_months", NUMBER),
    ("evaluation.first_after_months", NUMBER),
    ("evaluation.cycle_months", NUMBER),
    ("breach.liquidated_damages_fen", AMOUNT),
    ("breach.cure_working_days", NUMBER),
    ("change.notice_working_days", NUMBER),
    ("exit.due_working_days", NUMBER),
    ("dispute.method", CHOICE),
    ("dispute.place", WORDS),
    ("term.months", NUMBER),
)
_CHOICES = {"method": ("COURT", "ARBITRATION")}


def negotiable_entries(*, agreement_id: UUID, actor: Any) -> tuple[FormEntry, ...]:
    """
    Return the entries of an agreement that a proposal form offers, with their present values.

    :raises NotFound: there is none, or the actor may not see it.
    """
    row = (
        policy.visible(actor, SEE, Agreement)
        .select_related("base_template")
        .filter(id=agreement_id)
        .first()
    )
    if row is None:
        raise NotFound
    terms, floor, locked = parse(row.terms), parse(row.floor), row.base_template.locked
    found = [
        _entry(path, kind, leaves(terms), leaves(floor) if path.split(".")[0] in locked else {})
        for path, kind in NEGOTIABLE
    ]
    return (*_quotas(terms, floor), *found)


def _quotas(terms: Terms, floor: Terms) -> list[FormEntry]:
    datasets = (terms.scope.datasets if terms.scope else None) or ()
    found = []
    for item in datasets:
        path = f"quota.datasets.{item.code}.per_month"
        now, most = terms.quota_of(item.code).per_month, floor.quota_of(item.code).per_month
        found.append(_entry(path, NUMBER, {path: now}, {path: most}))
    return found


def _entry(path: str, kind: str, stated: dict[str, Any], floor: dict[str, Any]) -> FormEntry:
    name = path.rsplit(".", maxsplit=1)[-1]
    return FormEntry(
        path=path,
        label=labels.entry_text(path),
        group=str(labels.TERMS[path.split(".", maxsplit=1)[0]]),
        kind=kind,
        value=stated.get(path),
        limit=labels.value_text(path, floor[path]) if floor.get(path) is not None else "",
        choices=tuple((code, str(labels.VALUES[code])) for code in _CHOICES.get(name, ())),
    )
