"""From an approved application to a draft the parties can read. Source: domain T11."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from applications import actions as applications
from applications.queries import CaseData, GrantedItem, case_facts, granted_scope
from contracts import statements, wording
from contracts.actions import messages
from contracts.actions.access import ask, facts_of, lock_agreement, void_signatures
from contracts.actions.negotiation import close_open
from contracts.actions.versions import record_version
from contracts.errors import NothingGranted
from contracts.invariants import ask_rules
from contracts.models import (
    Agreement,
    AgreementParty,
    BaseTemplate,
    TextVersion,
)
from contracts.queries.drafting import said_of, undrafted_ids
from contracts.queries.templates import (
    pinned_clauses,
    profiles_in_force,
    template_in_force,
)
from contracts.shapes import SCHEMA_VERSION
from contracts.terms import dump, merge, settle
from core import clock
from core.calendars import next_number
from core.errors import NotFound
from parties.models import Organization
from parties.queries import system_actor
from workflow import audit, policy, transitions

KIND = "P1"
ANSWERED = ("UPHELD", "OVERTURNED")
# Content of the record: a proposal made for a draft that a new decision has replaced.
REDRAFT_REASON = "审批决定已变更，协议草案已重新起草"


@transitions.action
def draft_agreement(*, application_id: UUID, actor: Any, at: datetime) -> Agreement:
    """
    Draft the agreement of an approved application, once.

    Template, levels, profiles, request, grant and conditions are merged, strictest wins. After an
    objection the existing agreement goes on; a changed decision gives it a new draft.

    :raises NothingGranted: the providers let no field through.
    :raises NoTemplate: no base template is in force.
    :raises TermConflict: statements exclude each other; entries and statements are named.
    :raises RuleBroken: the merged terms break a rule among themselves.
    :raises NoClause: a clause of the template has no version in force.
    """
    # The application is moved first: two deliveries of one approval queue here.
    existing = Agreement.objects.filter(application_id=application_id).first()
    if existing is not None:
        return _go_on(existing, actor=actor, at=at)
    applications.begin_agreement(application_id=application_id, actor=actor, at=at)
    case = case_facts(application_id)
    items = _granted(application_id)
    parties = _parties(case, items)
    agreement = _new(case, items, parties, at)
    transitions.create(
        agreement,
        actor=actor,
        at=at,
        facts={"application": case.number, "text_hash": agreement.text_hash},
        licensee=parties[0],
        provider=parties[1:],
        authority=agreement.authority,
        platform=Organization.objects.filter(id=case.platform_id).first(),
        exchange=Organization.objects.filter(kind=Organization.Kind.EXCHANGE).first(),
    )
    _seat(agreement, parties)
    record_version(agreement, cause=TextVersion.Cause.DRAFT, actor=actor, at=at)
    return agreement


@transitions.action
def draft_undrafted(*, application_id: UUID, actor: Any, at: datetime) -> Agreement:
    """
    Draft an agreement that could not be drafted by itself, after what stood in the way is settled.

    :raises NotFound: there is no such case of the actor's authority that waits for its agreement.
    :raises TermConflict, RuleBroken, NoTemplate, NoClause: something still stands in the way.
    """
    if application_id not in undrafted_ids(actor=actor):
        raise NotFound
    agreement = draft_agreement(application_id=application_id, actor=system_actor(), at=at)
    audit.record(agreement, "draft_undrafted", actor=actor, at=at)
    return agreement


@transitions.action
def open_negotiation(*, agreement_id: UUID, actor: Any, at: datetime) -> Agreement:
    """
    Show the draft to the parties, for changes and then for signature.

    :raises NotAllowedNow: it has been opened already.
    :raises Forbidden: the actor is not the data officer or case handler of this agreement.
    """
    agreement = lock_agreement(agreement_id=agreement_id, actor=actor)
    ask(agreement, "open_negotiation", actor=actor, at=at)
    transitions.perform(agreement, "open_negotiation", actor=actor, at=at)
    messages.tell_opened(agreement, at=at)
    return agreement


def _go_on(existing: Agreement, *, actor: Any, at: datetime) -> Agreement:
    """Take an agreement up again after the answer to an objection; else leave it as it is."""
    agreement = lock_agreement(agreement_id=existing.pk, actor=actor)
    case = case_facts(agreement.application_id)
    if case.state not in ANSWERED:
        return agreement
    applications.begin_agreement(application_id=case.application_id, actor=actor, at=at)
    if case.decision_number == facts_of(agreement).decision_number:
        return agreement
    close_open(agreement, "decline", reason=REDRAFT_REASON, actor=actor, at=at)
    items = _granted(case.application_id)
    parties = _parties(case, items)
    content = _content(agreement.number, case, items, parties, at)
    transitions.perform(
        agreement,
        "redraft",
        actor=actor,
        at=at,
        content=content,
        decision_number=case.decision_number,
    )
    record_version(
        agreement,
        cause=TextVersion.Cause.REDRAFT,
        reason=REDRAFT_REASON,
        actor=actor,
        at=at,
    )
    # Where everybody signs in any order, a provider may have signed the old draft.
    void_signatures(agreement, reason=REDRAFT_REASON, at=at)
    # The new decision may grant data of other providers.
    agreement.parties.all().delete()
    _seat(agreement, parties)
    policy.grant(agreement, provider=parties[1:])
    for thread in agreement.threads.filter(is_internal=False):
        policy.grant(thread, provider=parties[1:])
    messages.tell_redrafted(agreement, at=at)
    return agreement


def _seat(agreement: Agreement, parties: list[Organization]) -> None:
    AgreementParty.objects.bulk_create(
        AgreementParty(
            agreement=agreement,
            organization=party,
            side=AgreementParty.Side.PROVIDER if position else AgreementParty.Side.LICENSEE,
            position=position,
        )
        for position, party in enumerate(parties)
    )


def _granted(application_id: UUID) -> tuple[GrantedItem, ...]:
    items = granted_scope(application_id)
    if not items:
        raise NothingGranted
    return items


def _parties(case: CaseData, items: tuple[GrantedItem, ...]) -> list[Organization]:
    """Return the data user, then every provider once, in the order of the datasets."""
    ids = list(dict.fromkeys([case.applicant_id, *(item.provider_id for item in items)]))
    known = Organization.objects.in_bulk(ids)
    return [known[party_id] for party_id in ids]


def _new(
    case: CaseData, items: tuple[GrantedItem, ...], parties: list[Organization], at: datetime
) -> Agreement:
    year = clock.local_date(at).year
    number = f"WX-XY-{year}-{next_number(f'agreement-{year}'):05d}"
    return Agreement(
        number=number,
        procedure=KIND,
        application_id=case.application_id,
        applicant=parties[0],
        authority_id=case.authority_id,
        drafted_at=at,
        **_content(number, case, items, parties, at),
    )


def _content(
    number: str,
    case: CaseData,
    items: tuple[GrantedItem, ...],
    parties: list[Organization],
    at: datetime,
) -> dict[str, Any]:
    """Return what a decision, a template and the profiles in force make an agreement say."""
    template = template_in_force(kind=KIND)
    profiles = profiles_in_force(dataset_ids=[item.dataset_id for item in items])
    merged = settle(merge(said_of(case, items, template=template, profiles=profiles)))
    ask_rules(merged.terms, procedure=KIND)
    facts = _text_facts(number, case, template, parties, at)
    stated = dump(merged.terms)
    return {
        "base_template_id": template.pk,
        "profile_versions": {
            item.code: profiles[item.dataset_id].version
            for item in (merged.terms.scope.datasets if merged.terms.scope else None) or ()
            if item.dataset_id in profiles
        },
        "clause_versions": {clause.code: clause.version for clause in facts.clauses},
        "floor": stated,
        "terms": stated,
        "sources": merged.sources,
        "facts": facts.dump(),
        "text_hash": wording.text_hash(terms=merged.terms, facts=facts),
    }


def _text_facts(
    number: str,
    case: CaseData,
    template: BaseTemplate,
    parties: list[Organization],
    at: datetime,
) -> wording.TextFacts:
    return wording.TextFacts(
        number=number,
        authority=Organization.objects.get(id=case.authority_id).name,
        application_number=case.number,
        decision_number=case.decision_number,
        decided_on=clock.local_date(case.decided_at or at),
        template=f"{template.kind}-V{template.version}",
        schema=SCHEMA_VERSION,
        clauses=pinned_clauses(template=template),
        title=template.title,
        provider_role=template.provider_role,
        licensee_role=template.licensee_role,
        licensee=_party(parties[0]),
        providers=tuple(_party(party) for party in parties[1:]),
        conditions=statements.texts_of(conditions=case.conditions),
    )


def _party(organization: Organization) -> wording.PartyFacts:
    contact = " ".join(filter(None, (organization.contact_name, organization.contact_phone)))
    return wording.PartyFacts(
        organization_id=str(organization.pk),
        name=organization.name,
        uscc=organization.uscc,
        representative=organization.legal_representative,
        address=organization.address,
        contact=contact,
    )
