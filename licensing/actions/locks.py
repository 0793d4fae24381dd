"""
Locks, always in the same order: agreement, dataset, license, credential.

A suspension comes from above (the dataset is locked, then its licenses), so whoever needs to know
that agreement and dataset stay as they are locks them before the license.
"""

from __future__ import annotations

from uuid import UUID

from catalog.models import Dataset
from contracts.models import Agreement
from core.errors import NotFound
from licensing.models import ClientApplication, Credential, License


def lock_license(license_id: UUID) -> License:
    """
    Return a license, locked.

    :raises NotFound: there is no such license.
    """
    found = (
        License.objects.select_for_update(of=("self",), no_key=True)
        .select_related("agreement", "dataset")
        .filter(id=license_id)
        .first()
    )
    if found is None:
        raise NotFound
    return found


def lock_license_with_surroundings(license_id: UUID) -> License:
    """
    Return a license locked together with its agreement and its dataset.

    :raises NotFound: there is no such license.
    """
    ids = License.objects.filter(id=license_id).values_list("agreement_id", "dataset_id").first()
    if ids is None:
        raise NotFound
    agreement = lock_agreement(ids[0])
    dataset = Dataset.objects.select_for_update(of=("self",), no_key=True).get(id=ids[1])
    found = License.objects.select_for_update(of=("self",), no_key=True).get(id=license_id)
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


def lock_client(client_id: UUID) -> ClientApplication:
    """
    Return a client application, locked.

    :raises NotFound: there is no such client application.
    """
    found = (
        ClientApplication.objects.select_for_update(of=("self",), no_key=True)
        .select_related("agreement", "organization", "platform")
        .filter(id=client_id)
        .first()
    )
    if found is None:
        raise NotFound
    return found


def lock_credential(credential_id: UUID) -> Credential:
    """
    Return a credential, locked.

    :raises NotFound: there is no such credential.
    """
    found = (
        Credential.objects.select_for_update(of=("self",), no_key=True)
        .select_related(
            "agreement", "client_application__organization", "client_application__platform"
        )
        .filter(id=credential_id)
        .first()
    )
    if found is None:
        raise NotFound
    return found
