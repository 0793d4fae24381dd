"""The entries people may fill in on the form of a negotiation."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from contracts import labels, vocabulary
from contracts.directions import STRICTER, direction
from contracts.lattice import leaves
from contracts.models import Agreement
from contracts.overrides import applied
from contracts.places import term_of
from contracts.queries.agreements import SEE
from contracts.queries.datasets import owners_of
from contracts.shapes import MODES, REGIONS
from contracts.terms import Terms, parse
from core.errors import NotFound
from parties.queries import desks_of
from workflow import policy

NUMBER, AMOUNT, CHOICE, WORDS = "number", "amount", "choice", "words"
YES_NO, SEVERAL = "yes_no", "several"


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
    # What the form begins with where that is not the present value: a proposal to be countered.
    proposed: Any = None


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
# Everything a proposal on one clause may speak of, clause by clause.
BY_CLAUSE: tuple[tuple[str, str], ...] = (
    ("scope.datasets.{code}.fields", SEVERAL),
    ("scope.datasets.{code}.mode", CHOICE),
    ("scope.datasets.{code}.history_months", NUMBER),
    ("scope.datasets.{code}.group_size_min", NUMBER),
    ("rights.internal_only", YES_NO),
    ("delivery.formats", SEVERAL),
    ("delivery.clients_max", NUMBER),
    ("quota.datasets.{code}.per_month", NUMBER),
    ("quota.datasets.{code}.per_day", NUMBER),
    ("quota.datasets.{code}.rate_per_second", NUMBER),
    ("quota.datasets.{code}.rows_per_call", NUMBER),
    ("environment.mode", CHOICE),
    ("environment.protection_level", NUMBER),
    ("region.region", CHOICE),
    ("retention.days", NUMBER),
    ("retention.backup_days", NUMBER),
    ("desensitization.output_check", YES_NO),
    ("security.controls", SEVERAL),
    ("security.log_retention_months", NUMBER),
    ("security.incident_notice_hours", NUMBER),
    ("security.named_officer", YES_NO),
    ("audit.notice_working_days", NUMBER),
    ("audit.watermark", YES_NO),
    ("consent.evidence", YES_NO),
    ("quality_sla.availability_permille", NUMBER),
    ("quality_sla.repair_working_days", NUMBER),
    ("quality_sla.datasets.{code}.completeness_percent", NUMBER),
    ("quality_sla.datasets.{code}.accuracy_percent", NUMBER),
    ("fee.cycle", CHOICE),
    ("fee.confirm_working_days", NUMBER),
    ("fee.payment_working_days", NUMBER),
    ("fee.deposit_fen", AMOUNT),
    ("derived_ip.owner", CHOICE),
    ("derived_ip.source_citation", YES_NO),
    ("derived_ip.excludes_source_content", YES_NO),
    ("reporting.every_months", NUMBER),
    ("reporting.due_working_days", NUMBER),
    ("evaluation.first_after_months", NUMBER),
    ("evaluation.cycle_months", NUMBER),
    ("evaluation.pass_score", NUMBER),
    ("evaluation.fail_score", NUMBER),
    ("breach.liquidated_damages_fen", AMOUNT),
    ("breach.cure_working_days", NUMBER),
    ("change.notice_working_days", NUMBER),
    ("change.demand_days", NUMBER),
    ("exit.disposal", CHOICE),
    ("exit.certificate", YES_NO),
    ("exit.due_working_days", NUMBER),
    ("dispute.method", CHOICE),
    ("dispute.place", WORDS),
    ("dispute.copies", NUMBER),
    ("term.months", NUMBER),
    ("term.renewal_window_days", NUMBER),
)
_CHOICES = {
    "method": ("COURT", "ARBITRATION"),
    "mode": MODES,
    "region": REGIONS,
    "controls": tuple(vocabulary.CONTROLS),
    "cycle": ("QUARTER", "MONTH"),
    "owner": ("USER", "PROVIDER", "SHARED"),
    "disposal": ("RETURN", "DESTROY"),
}


def negotiable_entries(
    *, agreement_id: UUID, actor: Any, clause: str = "", counters: UUID | None = None
) -> tuple[FormEntry, ...]:
    """
    Return the entries of an agreement that a proposal form offers, with their present values.

    With a ``clause`` all of that clause; for a counter those of the proposal it ``counters``, with
    what that one proposes; else those that parties usually talk about. A provider is offered its
    own datasets only.

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
    terms, floor, proposed = parse(row.terms), parse(row.floor), dict[str, Any]()
    codes = _own_codes(row, terms, actor)
    if counters is not None:
        former = row.proposals.filter(id=counters).first()
        if former is None:
            raise NotFound
        stated, wanted = leaves(terms), leaves(applied(current=terms, changes=former.changes))
        proposed = {path: value for path, value in wanted.items() if stated.get(path) != value}
        asked = _of_clauses({term_of(place) for place in former.places}, codes)
    elif clause:
        asked = _of_clauses({clause}, codes)
    else:
        asked = [*((f"quota.datasets.{code}.per_month", NUMBER) for code in codes), *NEGOTIABLE]
    known = _Known(terms, floor, frozenset(row.base_template.locked), proposed)
    return tuple(_negotiable(path, kind, known) for path, kind in asked)


@dataclass(frozen=True, slots=True)
class _Known:
    """What the entries of a proposal form are read from."""

    terms: Terms
    floor: Terms
    locked: frozenset[str]
    proposed: dict[str, Any]


def _own_codes(row: Agreement, terms: Terms, actor: Any) -> list[str]:
    """Return the datasets an actor may propose terms of, in the order of the agreement."""
    own = {str(desk.organization_id) for desk in desks_of(actor)}
    owners = owners_of(terms)
    everything = str(row.applicant_id) in own
    datasets = (terms.scope.datasets if terms.scope else None) or ()
    return [d.code for d in datasets if everything or owners.get(d.code) in own]


def _of_clauses(names: set[str], codes: list[str]) -> list[tuple[str, str]]:
    found = []
    for path, kind in BY_CLAUSE:
        if term_of(path) in names:
            several = [path.format(code=code) for code in codes] if "{code}" in path else [path]
            found += [(one, kind) for one in several]
    return found


def _negotiable(path: str, kind: str, known: _Known) -> FormEntry:
    stated, floor = leaves(known.terms), leaves(known.floor)
    parts = path.split(".")
    if parts[:2] == ["quota", "datasets"]:
        # What holds is the stricter of the dataset's own limit and everybody's.
        stated[path] = getattr(known.terms.quota_of(parts[2]), parts[3])
        floor[path] = getattr(known.floor.quota_of(parts[2]), parts[3])
    bound = floor.get(path) if parts[0] in known.locked else None
    entry = _entry(path, kind, stated, {path: bound})
    return replace(
        entry,
        choices=_choices(path, kind, bound, known),
        proposed=known.proposed.get(path),
    )


def _choices(path: str, kind: str, bound: Any, known: _Known) -> tuple[tuple[str, str], ...]:
    """Return what may be chosen: nothing looser than what template, profiles and decision say."""
    parts = path.split(".")
    if kind == SEVERAL and parts[-1] == "fields":
        dataset = known.floor.dataset(parts[2])
        titles = {one.name: one.title for one in (dataset.labels if dataset else None) or ()}
        return tuple((name, f"{titles.get(name, name)} ({name})") for name in bound or ())
    if kind == SEVERAL and parts[-1] == "formats":
        return tuple((name, name) for name in bound or ())
    codes = _CHOICES.get(parts[-1], ())
    return tuple(
        (code, str(labels.VALUES[code]))
        for code in codes
        if bound is None
        or kind == SEVERAL
        or direction(path=path, before=bound, after=code) == STRICTER
    )




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
