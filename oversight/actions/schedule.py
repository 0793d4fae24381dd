"""When an evaluation is due, and who assesses it. Source: domain §3.5, §3.10."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from contracts.calendar import add_months
from contracts.models import Agreement, AgreementParty
from core import clock
from core.errors import Forbidden, NotFound
from oversight import rules, topics
from oversight.actions.access import lock_evaluation, numbered, one_of
from oversight.actions.messages import PARTY_ROLES, tell
from oversight.models import Evaluation
from parties.models import Organization
from parties.roles import Kind
from workflow import audit, deadlines, policy, transitions

SERIES = "锡数评"
SWEEP_ROWS = 200


@transitions.action
def schedule_first_evaluation(*, agreement_id: UUID, actor: Any, at: datetime) -> Evaluation:
    """
    Schedule the first evaluation of an agreement in force; repeatable.

    It falls ``first_after_months`` after the first day of validity.

    :raises NotFound: there is no such agreement, or it never took effect.
    Source: domain §3.5 (evaluation: schedule generated at signing).
    """
    agreement = _agreement(agreement_id)
    known = Evaluation.objects.filter(agreement=agreement, sequence=1).first()
    if known is not None:
        return known
    if agreement.valid_from is None:
        raise NotFound
    months = int(_terms(agreement).get("first_after_months") or 6)
    due_on = add_months(agreement.valid_from, months=months)
    return _schedule(
        agreement, sequence=1, period_from=agreement.valid_from, due_on=due_on, actor=actor, at=at
    )


def schedule_next_evaluation(*, before: Evaluation, actor: Any, at: datetime) -> Evaluation | None:
    """Schedule the evaluation after one that was passed, if it falls in term."""
    agreement = before.agreement
    due_on = add_months(before.due_on, months=int(before.terms.get("cycle_months") or 6))
    in_force = agreement.state in (Agreement.State.EFFECTIVE, Agreement.State.SUSPENDED)
    if not in_force or agreement.valid_to is None or due_on > agreement.valid_to:
        return None
    return _schedule(
        agreement,
        sequence=before.sequence + 1,
        period_from=before.due_on,
        due_on=due_on,
        actor=actor,
        at=at,
    )


@transitions.action
def open_evaluation(*, evaluation_id: UUID, actor: Any, at: datetime) -> Evaluation:
    """
    Open an evaluation: the licensee has its working days for the self-report.

    :raises Forbidden: the actor may not open it. :raises NotAllowedNow: it is open already.
    """
    subject = lock_evaluation(evaluation_id, actor=actor)
    transitions.perform(subject, "open_report", actor=actor, at=at)
    due = deadlines.start(subject, rules.SELF_REPORT, at=at)
    tell(
        subject,
        organization=subject.licensee,
        roles=PARTY_ROLES,
        topic=topics.EVALUATION,
        text=_("Self-report due: %(number)s") % {"number": subject.number},
        body=_("Submit the self-report on your use of the data by %(day)s.")
        % {"day": date_format(due.due_on)},
        route="evaluation",
        occasion="open",
        at=at,
    )
    return subject


@transitions.action
def assign_assessor(
    *, evaluation_id: UUID, organization_id: UUID, actor: Any, at: datetime
) -> Evaluation:
    """
    Assign a third-party assessor to an evaluation that has none.

    :raises NotFound: there is no such assessor. :raises Forbidden: the actor may not assign.
    """
    subject = lock_evaluation(evaluation_id, actor=actor)
    if not policy.may(actor, "oversight.assign_evaluation", subject):
        raise Forbidden
    assessor = Organization.objects.filter(
        id=organization_id, kind=Kind.ASSESSOR, state=Organization.State.VERIFIED
    ).first()
    if assessor is None or subject.assessor_id is not None:
        raise NotFound
    subject.assessor = assessor
    subject.save(update_fields=["assessor"])
    policy.grant(subject, assessor=assessor)
    audit.record(
        subject, "assign_assessor", actor=actor, at=at, facts={"assessor": assessor.name}
    )
    return subject


def open_due_evaluations(*, at: datetime, actor: Any) -> int:
    """Open every evaluation whose day has come; each in its own transaction."""
    ids = Evaluation.objects.filter(
        state=Evaluation.State.SCHEDULED,
        due_on__lte=clock.local_date(at),
        agreement__state__in=[Agreement.State.EFFECTIVE, Agreement.State.SUSPENDED],
    ).order_by("due_on", "id")
    rows = list(ids.values_list("id", flat=True)[:SWEEP_ROWS])
    for one in rows:
        open_evaluation(evaluation_id=one, actor=actor, at=at)
    return len(rows)


def _schedule(
    agreement: Agreement,
    *,
    sequence: int,
    period_from: date,
    due_on: date,
    actor: Any,
    at: datetime,
) -> Evaluation:
    assessors = list(
        Organization.objects.filter(kind=Kind.ASSESSOR, state=Organization.State.VERIFIED)
        .order_by("registered_at", "id")[:2]
    )
    # With one assessor there is nothing to choose; otherwise the supervisor assigns.
    assessor = assessors[0] if len(assessors) == 1 else None
    subject = Evaluation(
        number=numbered(SERIES, at=at),
        sequence=sequence,
        agreement=agreement,
        licensee=agreement.applicant,
        authority=agreement.authority,
        assessor=assessor,
        period_from=period_from,
        period_to=due_on,
        due_on=due_on,
        terms=_terms(agreement),
        scheduled_at=at,
    )
    providers = [
        row.organization
        for row in AgreementParty.objects.filter(
            agreement=agreement, side=AgreementParty.Side.PROVIDER
        ).select_related("organization")
    ]
    return transitions.create(
        subject,
        actor=actor,
        at=at,
        facts={"due_on": due_on, "sequence": sequence},
        licensee=agreement.applicant,
        authority=agreement.authority,
        platform=one_of(Kind.PLATFORM),
        provider=providers,
        assessor=assessor,
    )


def _agreement(agreement_id: UUID) -> Agreement:
    found = (
        Agreement.objects.select_for_update(of=("self",), no_key=True)
        .select_related("applicant", "authority")
        .filter(id=agreement_id)
        .first()
    )
    if found is None:
        raise NotFound
    return found


def _terms(agreement: Agreement) -> dict[str, Any]:
    return dict(agreement.terms.get("evaluation") or {})
