"""What waits for people in contracts."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from contracts.models import (
    Agreement,
    Amendment,
    AmendmentSignature,
    ChangeProposal,
    ClauseVersion,
    SigningMandate,
    Termination,
    TerminationConsent,
    TermProfile,
)
from contracts.queries import turns
from contracts.queries.signing_turns import waiting_for_provider, waiting_for_user
from parties.queries import desks_of
from workflow import inbox


def _agreement(subject: models.Model) -> tuple[str, str]:
    assert isinstance(subject, Agreement)
    scenario = subject.terms.get("purpose", {}).get("scenario_name", "")
    return subject.number, f"{subject.applicant.name} · {scenario}"


def _proposal(subject: models.Model) -> tuple[str, str]:
    assert isinstance(subject, ChangeProposal)
    return subject.agreement.number, f"{subject.party.name}：{subject.reason}"


def _case_of(subject: models.Model) -> models.Model:
    """The time to sign runs on the application."""
    assert isinstance(subject, Agreement | ChangeProposal)
    agreement = subject.agreement if isinstance(subject, ChangeProposal) else subject
    return agreement.application
def _ending(subject: models.Model) -> tuple[str, str]:
    assert isinstance(subject, Termination)
    return subject.agreement.number, f"{subject.party.name}：{subject.reason}"


def _amendment(subject: models.Model) -> tuple[str, str]:
    assert isinstance(subject, Amendment)
    return f"{subject.agreement.number} V{subject.version}", subject.reason


def _profile(subject: models.Model) -> tuple[str, str]:
    assert isinstance(subject, TermProfile)
    return f"{subject.dataset.code} V{subject.version}", subject.dataset.title


def _clause(subject: models.Model) -> tuple[str, str]:
    assert isinstance(subject, ClauseVersion)
    return f"{subject.code} V{subject.version}", subject.title


def _mandate(subject: models.Model) -> tuple[str, str]:
    assert isinstance(subject, SigningMandate)
    return subject.agreement.number, f"{subject.party.name} · {subject.delegate.full_name}"


def _own(actor: Any, act: str) -> list[Any]:
    return [desk.organization_id for desk in desks_of(actor) if desk.role in turns.ROLES[act]]


def _waits_for_own_party(act: str) -> inbox.Narrow:
    """Return what leaves only the agreements in which an act waits for the actor's own party."""

    def narrow(rows: QuerySet[Any], actor: Any) -> QuerySet[Any]:
        waiting = turns.parties_in_turn(act).filter(agreement=OuterRef("pk"))
        return rows.filter(Exists(waiting.filter(organization__in=_own(actor, act))))

    return narrow


def _waits_for_providers(act: str) -> inbox.Narrow:
    """Return what leaves only the agreements in which an act waits for a provider."""

    def narrow(rows: QuerySet[Any], actor: Any) -> QuerySet[Any]:
        return rows.filter(Exists(turns.parties_in_turn(act).filter(agreement=OuterRef("pk"))))

    return narrow


def _asks_own_party(rows: QuerySet[Any], actor: Any) -> QuerySet[Any]:
    asked = turns.unanswered().filter(proposal=OuterRef("pk"))
    return rows.filter(Exists(asked.filter(organization__in=_own(actor, turns.ANSWER))))


SIGNERS = ("APPLICANT_LEGAL_REP", "PROVIDER_LEADER")


def _signs_for(actor: Any) -> list[Any]:
    return [desk.organization_id for desk in desks_of(actor) if desk.role in SIGNERS]


def _not_consented(rows: QuerySet[Any], actor: Any) -> QuerySet[Any]:
    given = TerminationConsent.objects.filter(
        termination=OuterRef("pk"), party_id__in=_signs_for(actor)
    )
    return rows.exclude(Exists(given))


def _amendment_not_signed(rows: QuerySet[Any], actor: Any) -> QuerySet[Any]:
    given = AmendmentSignature.objects.filter(
        amendment=OuterRef("pk"), party_id__in=_signs_for(actor)
    )
    return rows.filter(agreement__state=Agreement.State.EFFECTIVE).exclude(Exists(given))


inbox.register(
    "contracts.open_negotiation",
    title=_("Check the drafted agreement and open it to the parties"),
    model=Agreement,
    transitions=("open_negotiation",),
    route="portal:agreement",
    describe=_agreement,
    related=("applicant", "application"),
    clocked=_case_of,
    clock=turns.SIGNING_CLOCK,
    narrow=_waits_for_providers(turns.OPEN),
)
inbox.register(
    "contracts.finalize",
    title=_("Close the agreement for signature"),
    model=Agreement,
    transitions=("finalize",),
    route="portal:agreement",
    describe=_agreement,
    related=("applicant", "application"),
    clocked=_case_of,
    clock=turns.SIGNING_CLOCK,
    narrow=_waits_for_providers(turns.CLOSE),
)
inbox.register(
    "contracts.sign_as_user",
    title=_("Sign the agreement for the data user"),
    model=Agreement,
    transitions=("sign_as_user",),
    route="portal:agreement_sign",
    describe=_agreement,
    related=("applicant", "application"),
    clocked=_case_of,
    clock=turns.SIGNING_CLOCK,
    narrow=waiting_for_user,
)
inbox.register(
    "contracts.sign_as_provider",
    title=_("Sign the agreement for the provider"),
    model=Agreement,
    transitions=("sign_as_provider",),
    route="portal:agreement_sign",
    describe=_agreement,
    related=("applicant", "application"),
    clocked=_case_of,
    clock=turns.SIGNING_CLOCK,
    narrow=waiting_for_provider,
)
inbox.register(
    "contracts.answer_change",
    title=_("Answer a proposed change of terms"),
    model=ChangeProposal,
    transitions=("accept",),
    route="portal:agreement_change",
    describe=_proposal,
    related=("agreement__application", "party"),
    clocked=_case_of,
    clock=turns.SIGNING_CLOCK,
    prefetch=("asks",),
    narrow=_asks_own_party,
)
inbox.register(
    "contracts.answer_profile",
    title=_("Answer a proposed term profile"),
    model=TermProfile,
    transitions=("agree",),
    route="portal:term_profile",
    describe=_profile,
    related=("dataset__provider",),
)
inbox.register(
    "contracts.publish_clause",
    title=_("Publish a clause of the library"),
    model=ClauseVersion,
    transitions=("publish",),
    route="portal:clause",
    describe=_clause,
)
inbox.register(
    "contracts.publish_profile",
    title=_("Publish a term profile"),
    model=TermProfile,
    transitions=("publish",),
    route="portal:term_profile",
    describe=_profile,
    related=("dataset__provider",),
)
inbox.register(
    "contracts.review_mandate",
    title=_("Review a power of attorney for signing"),
    model=SigningMandate,
    transitions=("accept",),
    route="portal:mandate",
    describe=_mandate,
    related=("agreement", "party", "delegate"),
)
inbox.register(
    "contracts.answer_termination",
    title=_("Consent to the end of an agreement, or refuse it"),
    model=Termination,
    transitions=("consent",),
    route="portal:ending",
    describe=_ending,
    related=("agreement", "party"),
    narrow=_not_consented,
)
inbox.register(
    "contracts.sign_amendment",
    title=_("Sign the next version of an agreement"),
    model=Amendment,
    transitions=("sign",),
    route="portal:amendment",
    describe=_amendment,
    related=("agreement",),
    narrow=_amendment_not_signed,
)
