"""
Opinions asked of other officials (征求意见), and the office's own reference of a case.

Whoever is asked reads the case from then on; nobody else learns of the request, the applicant least
of all. An opinion informs; it decides nothing.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from applications import topics
from applications.actions.access import ask_right, lock_application
from applications.actions.clarification import WITH_AN_OFFICE
from applications.actions.comments import clean_text, forget_draft
from applications.errors import CannotBeAsked
from applications.models import Application, Consultation
from applications.policies import works_for_the_applicant
from applications.queries.consultation import people_to_ask
from applications.queries.holding import with_stand_ins
from core.errors import InvalidInput, NotAllowedNow, NotFound
from notify import actions as notify
from workflow import audit, deadlines, policy, transitions

CONSULT = "applications.consult_application"
QUESTION_CHARACTERS_MAX = 2_000
OPINION_CHARACTERS_MAX = 4_000
PEOPLE_MAX = 10
REFERENCE_CHARACTERS_MAX = 60


@transitions.action
def ask_opinion(
    *, application_id: UUID, people: Iterable[Any], question: str, actor: Any, at: datetime
) -> tuple[Consultation, ...]:
    """
    Ask officials for their opinion on a case; ``people`` are the keys of persons.

    They read the case from now on, without what is private, and have it on their work list until
    the day that the rule ``consultation`` gives.

    :raises InvalidInput: nobody, somebody unknown, or no question.
    :raises CannotBeAsked: the actor, whoever has the case, somebody of the applicant, or somebody
        who is asked already.
    """
    application = lock_application(application_id=application_id, actor=actor)
    ask_right(application, CONSULT, actor=actor, act="ask_opinion", at=at)
    if application.state not in WITH_AN_OFFICE:
        raise NotAllowedNow
    text = clean_text(question, most=QUESTION_CHARACTERS_MAX)
    chosen = _chosen(application, people, actor=actor)
    request = uuid.uuid4()
    made = tuple(
        _ask(application, person, request=request, question=text, actor=actor, at=at)
        for person in chosen
    )
    facts = {"request": str(request), "people": [p.full_name for p in chosen]}
    audit.record(application, "ask_opinion", actor=actor, at=at, facts=facts)
    forget_draft(application, place="consultation", actor=actor)
    return made


@transitions.action
def give_opinion(
    *, consultation_id: UUID, text: str, actor: Any, at: datetime, decline: bool = False
) -> Consultation:
    """
    Answer the request for an opinion, or decline it with a reason; once.

    :raises NotAllowedNow: it was answered, declined or recalled.
    :raises InvalidInput: no text.
    """
    application, asked = _lock(consultation_id, actor=actor)
    if application.closed_at is not None:
        raise NotAllowedNow
    if decline:
        reason = clean_text(text, most=OPINION_CHARACTERS_MAX)
        transitions.perform(asked, "decline", actor=actor, at=at, reason=reason)
    else:
        opinion = clean_text(text, most=OPINION_CHARACTERS_MAX)
        transitions.perform(asked, "give_opinion", actor=actor, at=at, text=opinion)
    deadlines.close(asked, "consultation", at=at)
    forget_draft(application, place=f"opinion:{asked.pk}", actor=actor)
    act = "decline_opinion" if decline else "give_opinion"
    audit.record(application, act, actor=actor, at=at, facts={"request": str(asked.request)})
    notify.tell(
        people=with_stand_ins(people=(application.holder, asked.asked_by), at=at),
        subject=format_lazy(
            _("Application {number}: an opinion has come in"), number=application.number
        ),
        body=asked.text,
        link=reverse("portal:application", args=[application.pk]),
        topic=topics.CASEWORK,
        key=f"applications.opinion.{asked.pk}",
        at=at,
    )
    return asked


@transitions.action
def recall_consultation(*, consultation_id: UUID, actor: Any, at: datetime) -> Consultation:
    """
    Take a request for an opinion back; the person asked goes on reading the case.

    :raises NotAllowedNow: it was answered, declined or recalled.
    """
    application, asked = _lock(consultation_id, actor=actor)
    transitions.perform(asked, "recall", actor=actor, at=at)
    deadlines.close(asked, "consultation", at=at)
    facts = {"request": str(asked.request)}
    audit.record(application, "recall_opinion", actor=actor, at=at, facts=facts)
    return asked


@transitions.action
def assign_reference(
    *, application_id: UUID, reference: str, actor: Any, at: datetime
) -> Application:
    """
    Give a case the number it has in the files of the office; an empty one takes it away.

    The case is found by its own number and by this one.

    :raises InvalidInput: the reference is too long, or another case has it.
    """
    application = lock_application(application_id=application_id, actor=actor)
    ask_right(
        application, "applications.assign_reference", actor=actor, act="assign_reference", at=at
    )
    wanted = reference.strip()
    if len(wanted) > REFERENCE_CHARACTERS_MAX:
        raise InvalidInput(fields={"reference": _("A reference has 60 characters at most.")})
    taken = Application.objects.filter(external_reference=wanted).exclude(pk=application.pk)
    if wanted and taken.exists():
        raise InvalidInput(fields={"reference": _("Another case has this reference.")})
    before = application.external_reference
    if wanted == before:
        return application
    application.external_reference, application.updated_at = wanted, at
    application.save(update_fields=["external_reference", "updated_at"])
    facts = {"before": before, "after": wanted}
    audit.record(application, "assign_reference", actor=actor, at=at, facts=facts)
    return application


def _chosen(application: Application, people: Iterable[Any], *, actor: Any) -> list[Any]:
    keys = list(dict.fromkeys(str(key) for key in people))
    if not keys or len(keys) > PEOPLE_MAX:
        raise InvalidInput(fields={"people": _("Choose whom you ask: one to ten persons.")})
    known = people_to_ask(keys=keys)
    if len(known) != len(keys):
        raise InvalidInput(fields={"people": _("One of these persons cannot be asked.")})
    waiting = set(
        application.consultations.filter(state=Consultation.State.WAITING).values_list(
            "person_id", flat=True
        )
    )
    for person in known:
        if person.pk == actor.pk:
            raise CannotBeAsked(_("You cannot ask yourself."))
        if person.pk in (application.handler_id, application.holder_id):
            raise CannotBeAsked(_("%(name)s handles this case."), name=person.full_name)
        if works_for_the_applicant(person, application):
            raise CannotBeAsked(_("%(name)s works for the applicant."), name=person.full_name)
        if person.pk in waiting:
            raise CannotBeAsked(_("%(name)s is asked already."), name=person.full_name)
    return known


def _ask(
    application: Application, person: Any, *, request: UUID, question: str, actor: Any, at: datetime
) -> Consultation:
    asked = Consultation(
        application=application,
        request=request,
        question=question,
        person=person,
        asked_by=actor,
        asked_at=at,
    )
    # The clock stands beside the row and is needed to fill it: the key is known before either.
    asked.due_on = deadlines.start(asked, "consultation", at=at).due_on
    transitions.create(
        asked,
        actor=actor,
        at=at,
        facts={"application": application.number},
        authority=application.authority,
    )
    policy.grant_person("applications.give_opinion", person=person, subject=asked)
    for permission in ("applications.see_application", "applications.write_notes"):
        policy.grant_person(permission, person=person, subject=application)
    notify.tell(
        people=[person],
        subject=format_lazy(
            _("Application {number} waits for your opinion"), number=application.number
        ),
        body=question,
        link=reverse("portal:application_advise", args=[asked.pk]),
        topic=topics.CASEWORK,
        key=f"applications.consultation.{asked.pk}",
        at=at,
    )
    return asked


def _lock(consultation_id: UUID, *, actor: Any) -> tuple[Application, Consultation]:
    known = Consultation.objects.filter(id=consultation_id).first()
    if known is None:
        raise NotFound
    application = lock_application(application_id=known.application_id, actor=actor)
    asked = Consultation.objects.select_for_update(of=("self",), no_key=True).get(
        id=consultation_id
    )
    asked.application = application
    if asked.person_id != actor.pk and not policy.holds(
        actor, "applications.recall_consultation", asked
    ):
        # Whoever is not part of the request does not learn that there is one.
        raise NotFound
    return application, asked
