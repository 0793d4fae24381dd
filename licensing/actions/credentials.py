"""Request, issue, rotate, suspend and revoke credentials. Source: domain T15, clause A28."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Max

from contracts.models import Agreement
from core import clock
from core.errors import Forbidden, NotFound
from licensing import keys
from licensing.actions.locks import (
    ask,
    lock_agreement,
    lock_client,
    lock_credential,
    require_reason,
)
from licensing.errors import AgreementNotInForce, ClientNotApproved, NoUsableLicense
from licensing.models import ClientApplication, Credential, License
from licensing.rules import CREDENTIAL
from workflow import deadlines, policy, transitions

OVERLAP_HOURS = 24


@dataclass(frozen=True, slots=True)
class IssuedSecret:
    """A new key, for its holder's eyes, once."""

    credential_id: UUID
    prefix: str
    valid_to: datetime
    key: str = field(repr=False)


@transitions.action
def request_credential(*, client_id: UUID, actor: Any, at: datetime) -> Credential:
    """
    Request a key for an approved client application.

    :raises NotFound: there is none, or the actor may not see it.
    :raises Forbidden: the actor's desk holds no keys.
    :raises ClientNotApproved: its review is open or went against it.
    :raises AgreementNotInForce: the agreement is not in force.
    :raises NoUsableLicense: no license is left to open.
    """
    agreement_id = _agreement_of_client(client_id)
    agreement = lock_agreement(agreement_id)
    client = lock_client(client_id, actor=actor)
    if not policy.may(actor, "licensing.request_credential", client):
        raise Forbidden
    return _request(client, agreement, actor=actor, at=at, replaces=None)


@transitions.action
def issue_credential(*, credential_id: UUID, actor: Any, at: datetime) -> IssuedSecret:
    """
    Make the key of a requested credential and return it, once.

    What is stored is the hash; it is stored before the key is returned, so no key is ever in
    somebody's hands that the books do not know. The key ends with the last license it opens.

    :raises NotFound: there is none.
    :raises NotAllowedNow: its key was issued before.
    :raises AgreementNotInForce: the agreement is not in force.
    :raises NoUsableLicense: no license is left to open.
    """
    agreement = lock_agreement(_agreement_of_credential(credential_id))
    subject = lock_credential(credential_id, actor=actor)
    ask(subject, "issue", actor=actor, at=at)
    secret = _issue(subject, agreement, actor=actor, at=at)
    deadlines.close(agreement, CREDENTIAL, at=at)
    return secret


@transitions.action
def rotate_credential(
    *, credential_id: UUID, actor: Any, at: datetime, overlap_hours: int = OVERLAP_HOURS
) -> IssuedSecret:
    """
    Replace an active key by a new one and return that, once.

    The old key still opens for ``overlap_hours``, at most OVERLAP_HOURS, so that programs can be
    changed over.

    :raises NotFound: there is none.
    :raises NotAllowedNow: the key is not active.
    :raises AgreementNotInForce: the agreement is not in force.
    :raises NoUsableLicense: no license is left to open.
    """
    agreement = lock_agreement(_agreement_of_credential(credential_id))
    subject = lock_credential(credential_id, actor=actor)
    ask(subject, "rotate", actor=actor, at=at)
    overlap = timedelta(hours=min(max(overlap_hours, 0), OVERLAP_HOURS))
    end = min(at + overlap, subject.valid_to or at)
    transitions.perform(subject, "rotate", actor=actor, at=at, overlap_to=end)
    client = lock_client(subject.client_application_id, actor=actor)
    new = _request(client, agreement, actor=actor, at=at, replaces=subject)
    return _issue(new, agreement, actor=actor, at=at)


@transitions.action
def suspend_credential(
    *, credential_id: UUID, reason: str, actor: Any, at: datetime
) -> Credential:
    """
    Stop a key for the time being, at once and on every gate.

    :raises ReasonMissing: no reason is stated.
    :raises NotFound: there is none.
    :raises NotAllowedNow: the key is not active.
    """
    return _act(credential_id, "suspend", reason=reason, actor=actor, at=at)


@transitions.action
def resume_credential(*, credential_id: UUID, reason: str, actor: Any, at: datetime) -> Credential:
    """
    Let a suspended key open again.

    :raises ReasonMissing: no reason is stated.
    :raises NotFound: there is none.
    :raises NotAllowedNow: the key is not suspended.
    """
    return _act(credential_id, "resume", reason=reason, actor=actor, at=at)


@transitions.action
def revoke_credential(*, credential_id: UUID, reason: str, actor: Any, at: datetime) -> Credential:
    """
    End a key at once, on every gate and for ever.

    :raises ReasonMissing: no reason is stated.
    :raises NotFound: there is none.
    :raises NotAllowedNow: it has ended already.
    """
    return _act(credential_id, "revoke", reason=reason, actor=actor, at=at)


def _act(credential_id: UUID, name: str, *, reason: str, actor: Any, at: datetime) -> Credential:
    subject = lock_credential(credential_id, actor=actor)
    ask(subject, name, actor=actor, at=at)
    stated = require_reason(reason)
    return transitions.perform(subject, name, actor=actor, at=at, reason=stated)


def _request(
    client: ClientApplication,
    agreement: Agreement,
    *,
    actor: Any,
    at: datetime,
    replaces: Credential | None,
) -> Credential:
    if client.state != ClientApplication.State.APPROVED:
        raise ClientNotApproved
    _end_of_licenses(agreement)
    new = Credential(
        client_application=client,
        agreement=agreement,
        requested_by=actor,
        requested_at=at,
        replaces=replaces,
    )
    return transitions.create(
        new,
        actor=actor,
        at=at,
        facts={"client": str(client.id)},
        licensee=client.organization,
        authority=agreement.authority,
        platform=client.platform,
    )


def _issue(
    subject: Credential, agreement: Agreement, *, actor: Any, at: datetime
) -> IssuedSecret:
    valid_to = _end_of_licenses(agreement)
    key = keys.make()
    transitions.perform(
        subject,
        "issue",
        actor=actor,
        at=at,
        prefix=key.prefix,
        secret_hash=key.digest,
        valid_to=valid_to,
    )
    return IssuedSecret(subject.id, key.prefix, valid_to, key.text)


def _end_of_licenses(agreement: Agreement) -> datetime:
    if agreement.state != Agreement.State.EFFECTIVE:
        raise AgreementNotInForce
    last = License.objects.filter(agreement=agreement, state__in=License.LIVE).aggregate(
        last=Max("valid_to")
    )["last"]
    if last is None:
        raise NoUsableLicense
    return clock.end_of_day(last)


def _agreement_of_client(client_id: UUID) -> UUID:
    found = ClientApplication.objects.filter(id=client_id).values_list("agreement_id", flat=True)
    return _first(found)


def _agreement_of_credential(credential_id: UUID) -> UUID:
    found = Credential.objects.filter(id=credential_id).values_list("agreement_id", flat=True)
    return _first(found)


def _first(found: Any) -> UUID:
    value: UUID | None = found.first()
    if value is None:
        raise NotFound
    return value
