"""The decision, and the objection to it. Source: domain T09, T10."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from applications import conditions as attached
from applications import verdict
from applications.actions import committee, papers, security
from applications.actions.access import ask, lock_application
from applications.actions.verdicts import issue, requested, stated_conditions
from applications.errors import (
    AssessmentExpired,
    DepartureUnexplained,
    NothingToGrant,
    ObjectionTooLate,
)
from applications.models import Application, Objection
from applications.verdict import Verdict
from core.errors import InvalidInput
from workflow import deadlines, transitions

VERBS = {
    "APPROVED": "approve",
    "APPROVED_WITH_CONDITIONS": "approve_with_conditions",
    "REJECTED": "reject",
}


def decide(
    *,
    application_id: UUID,
    reasons: str,
    actor: Any,
    at: datetime,
    result: str = "",
    conditions: Iterable[Any] = (),
    departure_reason: str = "",
    items: Mapping[str, Mapping[str, Any]] | None = None,
) -> Application:
    """
    Decide an application, dataset by dataset if wanted, and issue the letter of decision.

    ``result`` is APPROVED, APPROVED_WITH_CONDITIONS or REJECTED for every dataset; with ``items``
    ({code: {"result", "reasons", "conditions", "departure_reason"}}, every dataset named) it
    follows from them. A condition is a line, or {"standard": KEY} of ``conditions.STANDARD``;
    ``conditions`` hold for every approved dataset. Approval starts the clock for signing; a
    refusal of anything or conditions start the period for an objection.

    :raises InvalidInput: no reasons, a dataset is missing, or conditions do not fit the result.
    :raises DepartureUnexplained: it departs from the committee without saying why.
    :raises NothingToGrant: the providers refused every field.
    :raises AssessmentExpired: the security assessment ends before the day after the decision; its
        officer is asked to renew it.
    :raises EvidenceOutdated: the risk assessment of an approved dataset is not valid today.
    :raises Forbidden: the actor is no decider, or handled the case.
    Source: domain T09, docs/decisions/0008-decisions-per-dataset.md.
    """
    try:
        return _decide(
            application_id=application_id,
            result=result,
            reasons=reasons,
            conditions=tuple(conditions),
            departure_reason=departure_reason.strip(),
            items=items,
            actor=actor,
            at=at,
        )
    except AssessmentExpired:
        # The refusal has rolled back; what it asks for is an act of its own.
        security.ask_renewal(application_id=application_id, at=at)
        raise


@transitions.action
def _decide(
    *,
    application_id: UUID,
    result: str,
    reasons: str,
    conditions: tuple[Any, ...],
    departure_reason: str,
    items: Mapping[str, Mapping[str, Any]] | None,
    actor: Any,
    at: datetime,
) -> Application:
    application = lock_application(application_id=application_id, actor=actor)
    if items is None and result not in VERBS:
        raise InvalidInput(fields={"result": _("Choose one of the results.")})
    ask(application, VERBS.get(result, "approve"), actor=actor, at=at)
    verdicts = _verdicts(
        application, result, reasons, conditions, departure_reason, items
    )
    outcome = verdict.overall(v.result for v in verdicts.values())
    if items is not None and result and result != outcome.result:
        raise InvalidInput(fields={"result": _("The results of the datasets say otherwise.")})
    verdicts = _explained(application, verdicts, each=items is not None)
    if outcome.result != verdict.REJECTED:
        security.ask_valid(
            application,
            approved=[c for c, v in verdicts.items() if v.result != verdict.REJECTED],
            at=at,
        )
    arguments: dict[str, Any] = {
        "decided_by": actor,
        "number": papers.number_for("DECISION", at=at),
        "text": reasons.strip(),
    }
    if outcome.result == verdict.CONDITIONAL:
        arguments |= {
            "conditions": stated_conditions(verdicts), "partial": outcome.partial,
        }  # fmt: skip
    transitions.perform(application, VERBS[outcome.result], actor=actor, at=at, **arguments)
    deadlines.close(application, "overall", at=at)
    if outcome.result != verdict.REJECTED:
        deadlines.start(application, "signing", at=at)
    if outcome.result != verdict.APPROVED:
        deadlines.start(application, "objection", at=at)
    issue(application, verdicts=verdicts, departure_reason=departure_reason, at=at)
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
    conditions: Iterable[Any] = (),
    items: Mapping[str, Mapping[str, Any]] | None = None,
) -> Application:
    """
    Answer an objection; another decider than the first one does it.

    ``result`` is UPHELD (the decision stands) or OVERTURNED (approved, with ``conditions`` if any);
    the latter is a new version of the decision with its own letter. ``items`` decide each dataset
    on its own, as in ``decide``.

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
    verdicts: dict[str, Verdict] = {}
    if verb == "overturn":
        outcome = "APPROVED_WITH_CONDITIONS" if any(conditions) else "APPROVED"
        verdicts = _verdicts(application, outcome, reasons, tuple(conditions), "", items)
        if all(v.result == verdict.REJECTED for v in verdicts.values()):
            raise InvalidInput(fields={"result": _("Nothing would be approved: uphold instead.")})
    else:
        _clean("REJECTED", reasons, attached.clean(conditions))
    objection = Objection.objects.select_for_update(of=("self",)).get(application=application)
    objection.answer, objection.answered_by, objection.answered_at = reasons.strip(), actor, at
    objection.save()
    deadlines.close(application, "objection_answer", at=at)
    if verb == "uphold":
        transitions.perform(application, verb, actor=actor, at=at, reasons=reasons.strip())
    else:
        _overturn(application, verdicts, reasons=reasons.strip(), actor=actor, at=at)
    if application.decision_result != "REJECTED":
        deadlines.start(application, "signing", at=at)
    return application


def _overturn(
    application: Application,
    verdicts: Mapping[str, Verdict],
    *,
    reasons: str,
    actor: Any,
    at: datetime,
) -> None:
    transitions.perform(
        application,
        "overturn",
        actor=actor,
        at=at,
        decided_by=actor,
        number=papers.number_for("DECISION", at=at),
        text=reasons,
        conditions=stated_conditions(verdicts),
        partial=verdict.overall(v.result for v in verdicts.values()).partial,
    )
    issue(application, verdicts=verdicts, departure_reason="", at=at)


def _verdicts(
    application: Application,
    result: str,
    reasons: str,
    conditions: tuple[Any, ...],
    departure_reason: str,
    items: Mapping[str, Mapping[str, Any]] | None,
) -> dict[str, Verdict]:
    """
    Return what is decided on every dataset of a case.

    :raises InvalidInput: no reasons, or results and conditions that do not fit.
    :raises NothingToGrant: the providers refused every field of everything.
    """
    codes = requested(application)
    general = attached.clean(conditions)
    if items is None:
        _clean(result, reasons, general)
        if result != verdict.REJECTED and not any(codes.values()):
            raise NothingToGrant
        everyone = Verdict(result, reasons.strip(), general, departure_reason)
        return verdict.same_for_all(codes=codes, verdict=everyone)
    _clean(verdict.CONDITIONAL if general else "", reasons, general)
    return verdict.clean_items(
        items=items,
        codes=codes,
        reasons=reasons.strip(),
        conditions=general,
        departure_reason=departure_reason,
    )


def _clean(result: str, reasons: str, conditions: tuple[str, ...]) -> None:
    problems: dict[str, str | Promise] = {}
    if not reasons.strip():
        problems["reasons"] = _("A decision needs reasons.")
    if result == "APPROVED_WITH_CONDITIONS" and not conditions:
        problems["conditions"] = _("State the conditions, one a line.")
    if result != "APPROVED_WITH_CONDITIONS" and conditions:
        problems["conditions"] = _("Conditions belong to an approval with conditions only.")
    if problems:
        raise InvalidInput(fields=problems)


def _explained(
    application: Application, verdicts: Mapping[str, Verdict], *, each: bool
) -> dict[str, Verdict]:
    """Return the verdicts with a reason where they depart from the committee, and only there."""
    # In the fast lane no committee looked at it, so there is nothing to depart from.
    conclusion = application.committee_conclusion
    departing = []
    if conclusion is not None:
        departing = verdict.departures(
            verdicts=verdicts, conclusion=conclusion, codes=requested(application)
        )
    silent = [code for code in departing if not verdicts[code].departure_reason]
    if silent:
        named = [f"{code}.departure_reason" for code in silent] if each else ["departure_reason"]
        raise DepartureUnexplained(
            fields=dict.fromkeys(named, DepartureUnexplained.default_message)
        )
    return {
        code: own if code in departing else replace(own, departure_reason="")
        for code, own in verdicts.items()
    }
