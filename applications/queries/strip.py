"""Where a case stands: the strip of its states, and the office that has it."""

from __future__ import annotations

from django.utils.translation import gettext as _

from applications.models import Application
from applications.queries.rows import Step
from applications.queries.verdicts import state_name_of
from applications.states import ApplicationState as S

STAGE_OF: dict[str, int] = {
    S.DRAFT: 0,
    S.SUBMITTED: 1,
    S.CORRECTION_REQUESTED: 1,
    S.NOT_ACCEPTED: 1,
    S.LAPSED: 1,
    S.ACCEPTED: 2,
    S.PROVIDER_REVIEW: 2,
    S.SECURITY_REVIEW: 3,
    S.COMMITTEE_REVIEW: 4,
    S.DECISION_PENDING: 5,
    S.APPROVED: 6,
    S.APPROVED_WITH_CONDITIONS: 6,
    S.REJECTED: 5,
    S.OBJECTION: 5,
    S.UPHELD: 5,
    S.OVERTURNED: 6,
    S.AGREEMENT_STAGE: 6,
    S.LAPSED_UNSIGNED: 6,
    S.GRANTED: 7,
}


def office_of(application: Application) -> str:
    """Return the office that has the case now, never a person; empty when it has ended."""
    match application.state:
        case S.DRAFT | S.CORRECTION_REQUESTED:
            return application.applicant.name
        case S.SUBMITTED | S.ACCEPTED | S.DECISION_PENDING | S.OBJECTION:
            return application.authority.name
        case S.PROVIDER_REVIEW:
            waiting = application.branches.exclude(state="ANSWERED").select_related("provider")
            return "、".join(b.provider.name for b in waiting.order_by("provider__name", "id"))
        case S.SECURITY_REVIEW:
            return application.platform.name
        case S.COMMITTEE_REVIEW:
            return application.committee.name
        case S.APPROVED | S.APPROVED_WITH_CONDITIONS | S.OVERTURNED | S.AGREEMENT_STAGE:
            return application.applicant.name
        case _:
            return ""


def strip_of(application: Application) -> tuple[Step, ...]:
    """Return the stages of the procedure with the present one marked."""
    labels = (
        _("Draft"),
        _("Acceptance"),
        _("Provider review"),
        _("Security review"),
        _("Committee review"),
        _("Decision"),
        _("Agreement"),
        _("Granted"),
    )
    here = STAGE_OF.get(application.state)
    if here is None:
        here = _stage_of_withdrawal(application)
    office = office_of(application)
    done = application.state == S.GRANTED
    return tuple(
        Step(
            label=label,
            status="past"
            if number < here or done
            else ("current" if number == here else "future"),
            when=_note(application) if number == here else "",
            office=office if number == here else "",
        )
        for number, label in enumerate(labels)
    )


def _stage_of_withdrawal(application: Application) -> int:
    if application.committee_conclusion is not None:
        return 5
    if application.accepted_at is not None:
        return 2
    return 1 if application.submitted_at is not None else 0


def _note(application: Application) -> str:
    # The label of the stage says enough unless the case waits, was refused or has ended here.
    plain = (
        S.DRAFT,
        S.PROVIDER_REVIEW,
        S.SECURITY_REVIEW,
        S.COMMITTEE_REVIEW,
        S.GRANTED,
    )
    return "" if application.state in plain else state_name_of(application)
