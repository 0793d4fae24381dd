"""
Questions to the applicant while the case runs on, and what they do to its clocks.

A question says whether clocks stand until it is answered, which, and why; the answer lets them run
again. Both sides read the same thread; the applicant reads the office's name, never a person's.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from applications import topics
from applications.actions import attachments
from applications.actions.access import ask_right, lock_application
from applications.actions.comments import TELL, clean_text, forget_draft
from applications.actions.endings import STOPPABLE
from applications.models import Application, Clarification
from applications.queries.holding import with_stand_ins
from applications.states import ApplicationState as S
from core.errors import InvalidInput, NotAllowedNow, NotFound
from notify import actions as notify
from parties import queries as parties
from parties.roles import Role
from workflow import audit, deadlines, transitions
from workflow.models import ClockStop

QUESTION_CHARACTERS_MAX = 4_000
OPEN_QUESTIONS_MAX = 10
# A case that is with an office; while it is returned the correction list is the way to ask.
WITH_AN_OFFICE = (
    S.SUBMITTED,
    S.ACCEPTED,
    S.PROVIDER_REVIEW,
    S.SECURITY_REVIEW,
    S.COMMITTEE_REVIEW,
    S.DECISION_PENDING,
    S.OBJECTION,
)


@transitions.action
def ask_clarification(
    *,
    application_id: UUID,
    question: str,
    actor: Any,
    at: datetime,
    stop_kinds: Sequence[str] = (),
    stop_reason: str = "",
) -> Clarification:
    """
    Ask the applicant something; the clocks of ``stop_kinds`` stand until the answer.

    :raises InvalidInput: no question, a clock that cannot stand, or no reason for the stop.
    :raises Forbidden: the actor may not write to the applicant, or may not stop clocks.
    :raises ClockError: a named clock is not running.
    """
    application = lock_application(application_id=application_id, actor=actor)
    ask_right(application, TELL, actor=actor, act="ask_clarification", at=at)
    if application.state not in WITH_AN_OFFICE:
        raise NotAllowedNow
    if stop_kinds:
        ask_right(
            application, "applications.manage_clock", actor=actor, act="stop_clock", at=at
        )
        _ask_stop(stop_kinds, stop_reason)
    if application.clarifications.filter(state=Clarification.State.ASKED).count() >= (
        OPEN_QUESTIONS_MAX
    ):
        raise InvalidInput(fields={"text": _("Wait for the answers to the open questions first.")})
    asked = Clarification(
        application=application,
        question=clean_text(question, most=QUESTION_CHARACTERS_MAX),
        stopped=_stop(application, stop_kinds, stop_reason.strip(), actor=actor, at=at),
        stop_reason=stop_reason.strip() if stop_kinds else "",
        asked_by=actor,
        office=_office(application, actor),
        asked_at=at,
    )
    transitions.create(
        asked,
        actor=actor,
        at=at,
        facts={"application": application.number, "stopped": list(stop_kinds)},
        applicant=application.applicant,
        authority=application.authority,
    )
    deadlines.start(asked, "clarification", at=at)
    facts = {"question": str(asked.pk), "stopped": list(stop_kinds), "reason": asked.stop_reason}
    audit.record(application, "ask_clarification", actor=actor, at=at, facts=facts)
    forget_draft(application, place="clarification", actor=actor)
    attachments.tell_applicant(
        application,
        subject=_("Question on application {number}: please answer in time"),
        body=asked.question,
        key=f"applications.clarification.{asked.pk}",
        at=at,
    )
    return asked


@transitions.action
def answer_clarification(
    *,
    clarification_id: UUID,
    text: str,
    actor: Any,
    at: datetime,
    files: Iterable[attachments.Upload] = (),
) -> Clarification:
    """
    Answer a question of the office; clocks that stood for it run again.

    :raises NotAllowedNow: it was answered or recalled, or the case has ended.
    :raises InvalidInput: no text, or a file that is not taken.
    """
    application, asked = _lock(clarification_id, actor=actor)
    if application.closed_at is not None:
        raise NotAllowedNow
    transitions.perform(
        asked,
        "give_answer",
        actor=actor,
        at=at,
        text=clean_text(text, most=QUESTION_CHARACTERS_MAX),
        answered_by=actor,
    )
    attachments.keep(application, files, clarification=asked, actor=actor, at=at)
    _end(application, asked, actor=actor, at=at)
    facts = {"question": str(asked.pk)}
    audit.record(application, "answer_clarification", actor=actor, at=at, facts=facts)
    forget_draft(application, place=f"answer:{asked.pk}", actor=actor)
    notify.tell(
        people=with_stand_ins(people=(application.holder, asked.asked_by), at=at),
        subject=format_lazy(
            _("Application {number}: the applicant has answered"), number=application.number
        ),
        body=asked.answer,
        link=reverse("portal:application", args=[application.pk]),
        topic=topics.CLARIFICATION,
        key=f"applications.clarification_answer.{asked.pk}",
        at=at,
    )
    return asked


@transitions.action
def recall_clarification(*, clarification_id: UUID, actor: Any, at: datetime) -> Clarification:
    """
    Take a question back; clocks that stood for it run again.

    :raises NotAllowedNow: it was answered or recalled.
    """
    application, asked = _lock(clarification_id, actor=actor)
    transitions.perform(asked, "recall", actor=actor, at=at)
    _end(application, asked, actor=actor, at=at)
    facts = {"question": str(asked.pk)}
    audit.record(application, "recall_clarification", actor=actor, at=at, facts=facts)
    return asked


def _lock(clarification_id: UUID, *, actor: Any) -> tuple[Application, Clarification]:
    known = Clarification.objects.filter(id=clarification_id).first()
    if known is None:
        raise NotFound
    application = lock_application(application_id=known.application_id, actor=actor)
    asked = Clarification.objects.select_for_update(of=("self",), no_key=True).get(
        id=clarification_id
    )
    asked.application = application
    return application, asked


def _office(application: Application, actor: Any) -> Any:
    """Return the office in whose name this person asks."""
    desks = {(d.organization_id, d.role) for d in parties.desks_of(actor)}
    if (application.authority_id, Role.AUTHORITY_CASE) in desks:
        return application.authority
    if (application.platform_id, Role.SECURITY_OFFICER) in desks:
        return application.platform
    return application.committee


def _ask_stop(kinds: Sequence[str], reason: str) -> None:
    if any(kind not in STOPPABLE for kind in kinds):
        raise InvalidInput(fields={"stop_kinds": _("This clock cannot be changed.")})
    if not reason.strip():
        raise InvalidInput(fields={"stop_reason": _("Say why the clocks stand.")})


def _stop(
    application: Application, kinds: Sequence[str], reason: str, *, actor: Any, at: datetime
) -> list[dict[str, str]]:
    """Stop the named clocks; one that stands for another open question stands for this one too."""
    standing = _standing_for_questions(application)
    stopped = []
    for kind in dict.fromkeys(kinds):
        for subject, key in _subjects(application, kind, at=at):
            if (kind, key) not in standing:
                deadlines.stop(
                    subject,
                    kind,
                    cause=ClockStop.Cause.CLARIFICATION,
                    reason=reason,
                    actor=actor,
                    at=at,
                )
            stopped.append({"kind": kind, "subject": key})
    return stopped


def _subjects(application: Application, kind: str, *, at: datetime) -> list[tuple[Any, str]]:
    """Return what a clock of this kind runs for: the case itself, or each open branch."""
    if kind != "provider_review":
        return [(application, "")]
    branches = list(application.branches.filter(state__in=["OPEN", "DRAFTED"]).order_by("id"))
    running = deadlines.of_subjects(branches, at=at)
    found = [(branch, str(branch.pk)) for branch in branches if running[str(branch.pk)]]
    if not found:
        raise deadlines.ClockError
    return found


def _end(application: Application, asked: Clarification, *, actor: Any, at: datetime) -> None:
    """Close the question's own clock, and let run again what stands for no other question."""
    deadlines.close(asked, "clarification", at=at)
    standing = _standing_for_questions(application)
    branches = {str(branch.pk): branch for branch in application.branches.all()}
    for one in asked.stopped:
        subject = branches.get(one["subject"], application) if one["subject"] else application
        if (one["kind"], one["subject"]) in standing:
            continue
        # Somebody may have let it run again by hand, or the step has ended: nothing is left to do.
        if any(
            c.kind == one["kind"] and c.status == "stopped"
            for c in deadlines.of_subject(subject, at=at)
        ):
            deadlines.resume(subject, one["kind"], actor=actor, at=at)


def _standing_for_questions(application: Application) -> set[tuple[str, str]]:
    rows = application.clarifications.filter(state=Clarification.State.ASKED)
    return {
        (one["kind"], one["subject"])
        for stopped in rows.values_list("stopped", flat=True)
        for one in stopped
    }
