"""The decision, and the objection to it. Source: domain T09, T10."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from applications import documents
from applications.actions import committee, papers
from applications.actions.access import ask, lock_application
from applications.errors import DepartureUnexplained, NothingToGrant, ObjectionTooLate
from applications.models import Application, Decision, Objection
from applications.queries import granted_scope
from core import clock
from core.errors import InvalidInput
from workflow import deadlines, transitions

VERBS = {
    "APPROVED": "approve",
    "APPROVED_WITH_CONDITIONS": "approve_with_conditions",
    "REJECTED": "reject",
}
GENERAL_BASIS = "《无锡市公共数据开放实施细则》（锡政规〔2024〕7号）"
REMEDY = (
    "如对本决定有异议，可自收到本决定书之日起十个工作日内向本机关提出；也可自收到本决定书之日起"
    "六十日内依法申请行政复议，或者六个月内依法提起行政诉讼。"
)


@transitions.action
def decide(
    *,
    application_id: UUID,
    result: str,
    reasons: str,
    actor: Any,
    at: datetime,
    conditions: Iterable[str] = (),
    departure_reason: str = "",
) -> Application:
    """
    Decide an application and issue the letter of decision.

    ``result`` is APPROVED, APPROVED_WITH_CONDITIONS or REJECTED. Approval starts the clock for
    signing; a refusal or conditions start the period for an objection.

    :raises InvalidInput: no reasons, or conditions that do not fit the result.
    :raises DepartureUnexplained: it departs from the committee without saying why.
    :raises NothingToGrant: the providers refused every field.
    :raises Forbidden: the actor is no decider, or handled the case.
    Source: domain T09.
    """
    application = lock_application(application_id=application_id, actor=actor)
    if result not in VERBS:
        raise InvalidInput(fields={"result": _("Choose one of the results.")})
    verb = VERBS[result]
    ask(application, verb, actor=actor, at=at)
    attached = _clean(result, reasons, conditions)
    _ask_departure(application, result=result, departure_reason=departure_reason)
    if result != "REJECTED" and not granted_scope(application.pk):
        raise NothingToGrant
    number = papers.number_for("DECISION", at=at)
    arguments: dict[str, Any] = {"decided_by": actor, "number": number, "text": reasons.strip()}
    if attached:
        arguments["conditions"] = attached
    transitions.perform(application, verb, actor=actor, at=at, **arguments)
    deadlines.close(application, "overall", at=at)
    if result != "REJECTED":
        deadlines.start(application, "signing", at=at)
    if result != "APPROVED":
        deadlines.start(application, "objection", at=at)
    _issue(application, result=result, departure_reason=departure_reason.strip(), at=at)
    return application


@transitions.action
def object_to_decision(
    *, application_id: UUID, grounds: str, actor: Any, at: datetime
) -> Application:
    """
    File the applicant's objection; the clock of the answer starts, the others end.

    Nothing can be signed until it is answered; then the clock for signing starts anew.

    :raises InvalidInput: no grounds.
    :raises ObjectionTooLate: the period has passed, an objection was answered before, or the
        applicant has signed the agreement and so accepted the decision.
    Source: domain T10.
    """
    application = lock_application(application_id=application_id, actor=actor)
    ask(application, "object", actor=actor, at=at)
    if not grounds.strip():
        raise InvalidInput(fields={"grounds": _("State the grounds of the objection.")})
    running = [c for c in deadlines.of_subject(application, at=at) if c.kind == "objection"]
    if not running or running[0].status in ("overdue", "closed"):
        raise ObjectionTooLate
    transitions.perform(application, "object", actor=actor, at=at)
    Objection.objects.create(
        application=application, grounds=grounds.strip(), filed_by=actor, filed_at=at
    )
    deadlines.close_all(application, at=at)
    deadlines.start(application, "objection_answer", at=at)
    return application


@transitions.action
def answer_objection(
    *,
    application_id: UUID,
    result: str,
    reasons: str,
    actor: Any,
    at: datetime,
    conditions: Iterable[str] = (),
) -> Application:
    """
    Answer an objection; another decider than the first one does it.

    ``result`` is UPHELD (the decision stands) or OVERTURNED (approved, with ``conditions`` if any);
    the latter is a new version of the decision with its own letter.

    :raises InvalidInput: an unknown result, no reasons, or conditions on a decision that stands.
    :raises ObjectionPanelPending: the new panel has not concluded, and the rules want one.
    :raises NothingToGrant: the providers refused every field.
    :raises Forbidden: the actor is no decider, handled the case, or took the first decision.
    Source: domain T10.
    """
    application = lock_application(application_id=application_id, actor=actor)
    verb = {"UPHELD": "uphold", "OVERTURNED": "overturn"}.get(result)
    if verb is None:
        raise InvalidInput(fields={"result": _("Choose one of the results.")})
    ask(application, verb, actor=actor, at=at)
    committee.ask_objection_panel(application)
    attached = papers.as_lines(list(conditions))
    granted = "APPROVED_WITH_CONDITIONS" if attached else "APPROVED"
    _clean(granted if verb == "overturn" else "REJECTED", reasons, attached)
    objection = Objection.objects.select_for_update(of=("self",)).get(application=application)
    objection.answer, objection.answered_by, objection.answered_at = reasons.strip(), actor, at
    objection.save()
    deadlines.close(application, "objection_answer", at=at)
    if verb == "uphold":
        transitions.perform(application, verb, actor=actor, at=at, reasons=reasons.strip())
    else:
        _overturn(application, reasons=reasons.strip(), conditions=attached, actor=actor, at=at)
    if application.decision_result != "REJECTED":
        deadlines.start(application, "signing", at=at)
    return application


def _overturn(
    application: Application, *, reasons: str, conditions: list[str], actor: Any, at: datetime
) -> None:
    if not granted_scope(application.pk):
        raise NothingToGrant
    transitions.perform(
        application,
        "overturn",
        actor=actor,
        at=at,
        decided_by=actor,
        number=papers.number_for("DECISION", at=at),
        text=reasons,
        conditions=conditions,
    )
    _issue(application, result=application.decision_result, departure_reason="", at=at)


def _clean(result: str, reasons: str, conditions: Iterable[str]) -> list[str]:
    problems: dict[str, str | Promise] = {}
    attached = papers.as_lines(list(conditions))
    if not reasons.strip():
        problems["reasons"] = _("A decision needs reasons.")
    if result == "APPROVED_WITH_CONDITIONS" and not attached:
        problems["conditions"] = _("State the conditions, one a line.")
    if result != "APPROVED_WITH_CONDITIONS" and attached:
        problems["conditions"] = _("Conditions belong to an approval with conditions only.")
    if problems:
        raise InvalidInput(fields=problems)
    return attached


def _ask_departure(application: Application, *, result: str, departure_reason: str) -> None:
    passed = bool((application.committee_conclusion or {}).get("passed"))
    if passed != (result != "REJECTED") and not departure_reason.strip():
        raise DepartureUnexplained(
            fields={"departure_reason": DepartureUnexplained.default_message}
        )


def _issue(application: Application, *, result: str, departure_reason: str, at: datetime) -> None:
    conclusion = application.committee_conclusion or {}
    assert application.decided_by is not None
    assert application.accepted_at is not None
    decision = Decision.objects.create(
        application=application,
        version=application.decisions.count() + 1,
        number=application.decision_number or "",
        result=result,
        reasons=application.decision_text,
        conditions=application.conditions,
        departure_reason=departure_reason,
        decided_by=application.decided_by,
        decided_at=at,
    )
    signing = papers.deadline_lines(application, ["signing"], at=at)
    facts = documents.DecisionFacts(
        issue=papers.issue_facts(application, number=decision.number, at=at),
        case=papers.case_facts(
            application, granted=None if result == "REJECTED" else granted_scope(application.pk)
        ),
        accepted_on=clock.local_date(application.accepted_at),
        result=cast(Any, result),
        legal_basis=(GENERAL_BASIS,),
        reasons=papers.plain_lines(decision.reasons),
        conditions=tuple(decision.conditions),
        minutes_number=str(conclusion.get("minutes_number", "")),
        committee_conclusion="同意" if conclusion.get("passed") else "不同意",
        departure_reason=departure_reason,
        sign_by=signing[0].due_on if signing else None,
        remedy=REMEDY,
    )
    content = documents.render_decision(facts)
    papers.store(application, kind="DECISION", number=decision.number, content=content, at=at)
