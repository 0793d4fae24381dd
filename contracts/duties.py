"""What waits for people in contracts."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from contracts.models import Agreement, ChangeProposal, SigningMandate, TermProfile
from contracts.queries.signing_turns import waiting_for_provider, waiting_for_user
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


def _mandate(subject: models.Model) -> tuple[str, str]:
    assert isinstance(subject, SigningMandate)
    return subject.agreement.number, f"{subject.party.name} · {subject.delegate.full_name}"


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
    narrow=waiting_for_user,
)
inbox.register(
    "contracts.sign_as_provider",
    title=_("Sign the agreement for the provider"),
    model=Agreement,
    transitions=("sign_as_provider",),
    route="portal:agreement_sign",
    describe=_agreement,
    related=("applicant",),
    narrow=waiting_for_provider,
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
    "contracts.publish_profile",
    title=_("Publish a term profile"),
    model=TermProfile,
    transitions=("publish",),
    route="portal:term_profile",
    describe=_profile,
    related=("dataset",),
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
