"""What waits for people in contracts."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from contracts.models import (
    Agreement,
    AgreementParty,
    ChangeProposal,
    ClauseVersion,
    Signature,
    TermProfile,
)
from parties.queries import desks_of
from workflow import inbox


def _agreement(subject: models.Model) -> tuple[str, str]:
    assert isinstance(subject, Agreement)
    scenario = subject.terms.get("purpose", {}).get("scenario_name", "")
    return subject.number, f"{subject.applicant.name} · {scenario}"


def _proposal(subject: models.Model) -> tuple[str, str]:
    assert isinstance(subject, ChangeProposal)
    return subject.agreement.number, f"{subject.party.name}：{subject.reason}"


def _profile(subject: models.Model) -> tuple[str, str]:
    assert isinstance(subject, TermProfile)
    return f"{subject.dataset.code} V{subject.version}", subject.dataset.title


def _clause(subject: models.Model) -> tuple[str, str]:
    assert isinstance(subject, ClauseVersion)
    return f"{subject.code} V{subject.version}", subject.title


def _not_signed_by_own_party(rows: QuerySet[Any], actor: Any) -> QuerySet[Any]:
    own = [desk.organization_id for desk in desks_of(actor) if desk.role == "PROVIDER_LEADER"]
    signed = Signature.objects.filter(
        agreement=OuterRef("pk"), party_id__in=own, voided_at__isnull=True
    )
    party = AgreementParty.objects.filter(agreement=OuterRef("pk"), organization_id__in=own)
    return rows.filter(Exists(party)).exclude(Exists(signed))


def _no_open_objection(rows: QuerySet[Any], actor: Any) -> QuerySet[Any]:
    return rows.exclude(application__state="OBJECTION")


inbox.register(
    "contracts.open_negotiation",
    title=_("Check the drafted agreement and open it to the parties"),
    model=Agreement,
    transitions=("open_negotiation",),
    route="portal:agreement",
    describe=_agreement,
    related=("applicant",),
)
inbox.register(
    "contracts.finalize",
    title=_("Close the agreement for signature"),
    model=Agreement,
    transitions=("finalize",),
    route="portal:agreement",
    describe=_agreement,
    related=("applicant",),
)
inbox.register(
    "contracts.sign_as_user",
    title=_("Sign the agreement for the data user"),
    model=Agreement,
    transitions=("sign_as_user",),
    route="portal:agreement_sign",
    describe=_agreement,
    related=("applicant",),
    narrow=_no_open_objection,
)
inbox.register(
    "contracts.sign_as_provider",
    title=_("Sign the agreement for the provider"),
    model=Agreement,
    transitions=("sign_as_provider",),
    route="portal:agreement_sign",
    describe=_agreement,
    related=("applicant",),
    narrow=_not_signed_by_own_party,
)
inbox.register(
    "contracts.answer_change",
    title=_("Answer a proposed change of terms"),
    model=ChangeProposal,
    transitions=("accept",),
    route="portal:agreement_change",
    describe=_proposal,
    related=("agreement", "party"),
    prefetch=("agreement__parties",),
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
