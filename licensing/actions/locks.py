"""
Locks, always in the same order: agreement, dataset, license, credential.

A suspension comes from above (the dataset is locked, then its licenses), so whoever needs to know
that agreement and dataset stay as they are locks them before the license.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import models

from catalog.models import Dataset
from contracts.models import Agreement
from core.errors import NotFound
from licensing.errors import ReasonMissing
from licensing.models import ClientApplication, Credential, License
from workflow import policy, transitions

REASON_CHARACTERS_MAX = 2_000


def ask(subject: models.Model, name: str, *, actor: Any, at: datetime) -> None:
    """
    Ask authority and legality of a step before its guards are looked at.

    ``perform`` itself refuses, before it touches anything, so that the attempt is on record.

    :raises Forbidden: the actor may not do this to this subject, in any state.
    :raises NotAllowedNow: the subject's present state does not lead there.
    """
    step = transitions.declared(type(subject), name)
    state = str(getattr(subject, "state", ""))
    if state not in step.sources or not policy.may(actor, step.permission, subject):
        transitions.perform(subject, name, actor=actor, at=at)


def require_reason(reason: str) -> str:
    """
    Return a stated reason without blanks around it.

    :raises ReasonMissing: it is empty, or too long to be read.
    """
    stated = reason.strip()
    if not stated or len(stated) > REASON_CHARACTERS_MAX:
        raise ReasonMissing(fields={"reason": ReasonMissing.default_message})
    return stated


def lock_license(license_id: UUID, *, actor: Any, step: str | None = None) -> License:
    """
    Return a license, locked; ``step`` is what the act is going to perform on it.

    :raises NotFound: there is no such license, or the actor may not see it.
    """
    found = transitions.lock(
        License, license_id, actor=actor, see="licensing.see_license", step=step
    )
    if found is None:
        raise NotFound
    return found


def lock_license_with_surroundings(license_id: UUID, *, actor: Any) -> License:
    """
    Return a license locked together with its agreement and its dataset.

    :raises NotFound: there is no such license, or the actor may not see it.
    """
    ids = License.objects.filter(id=license_id).values_list("agreement_id", "dataset_id").first()
    if ids is None:
        raise NotFound
    agreement = lock_agreement(ids[0])
    dataset = Dataset.objects.select_for_update(of=("self",), no_key=True).get(id=ids[1])
    found = License.objects.select_for_update(of=("self",), no_key=True).get(id=license_id)
    if not policy.holds(actor, "licensing.see_license", found):
        raise NotFound
    found.agreement, found.dataset = agreement, dataset
    return found


def lock_agreement(agreement_id: UUID) -> Agreement:
    """
    Return an agreement, locked.

    :raises NotFound: there is no such agreement.
    """
    found = (
        Agreement.objects.select_for_update(of=("self",), no_key=True)
        .select_related("application", "application__platform", "applicant", "authority")
        .filter(id=agreement_id)
        .first()
    )
    if found is None:
        raise NotFound
    return found


def lock_client(client_id: UUID, *, actor: Any) -> ClientApplication:
    """
    Return a client application, locked.

    :raises NotFound: there is no such client application, or the actor may not see it.
    """
    found = (
        ClientApplication.objects.select_for_update(of=("self",), no_key=True)
        .select_related("agreement", "organization", "platform")
        .filter(id=client_id)
        .first()
    )
    if found is None or not policy.holds(actor, "licensing.see_clientapplication", found):
        raise NotFound
    return found


def lock_credential(credential_id: UUID, *, actor: Any) -> Credential:
    """
    Return a credential, locked.

    :raises NotFound: there is no such credential, or the actor may not see it.
    """
    found = (
        Credential.objects.select_for_update(of=("self",), no_key=True)
        .select_related(
            "agreement", "client_application__organization", "client_application__platform"
        )
        .filter(id=credential_id)
        .first()
    )
    if found is None or not policy.holds(actor, "licensing.see_credential", found):
        raise NotFound
    return found
