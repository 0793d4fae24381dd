"""How long a dataset is open, and how long the authorized operation it is part of may run."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from catalog import errors
from catalog.actions.common import lock, require_permission, require_text
from catalog.models import Dataset
from core.errors import InvalidInput, NotAllowedNow
from workflow import audit, transitions

BASIS_CHARACTERS_MAX = 300
# Kept by a trigger of licensing, which knows what reaches into the term.
NESTED = ("nested_agreement_in_dataset", "nested_license_in_dataset")


@transitions.action
def set_dataset_term(
    *,
    dataset_id: UUID,
    open_from: date | None,
    open_to: date | None,
    operated_to: date | None,
    basis: str,
    actor: Any,
    at: datetime,
) -> Dataset:
    """
    Set the days between which a dataset is open, both inclusive; None for no end.

    ``operated_to`` is the last day of the authorized operation, where one operates it; ``basis``
    the document that says so. A longer term takes nothing from anybody; a shorter one is refused
    while an agreement or a license reaches beyond it.

    :raises Forbidden: the actor may not open this dataset.
    :raises NotAllowedNow: it is withdrawn.
    :raises InvalidInput: no basis, or the last day lies before the first.
    :raises TermInUse: an agreement in force or a license reaches beyond the new term.
    Source: domain §3.5 (term); docs/sources.md#nested-terms.
    """
    dataset = lock(dataset_id)
    require_permission(dataset, "catalog.publish_dataset", actor=actor)
    if dataset.state == Dataset.State.WITHDRAWN:
        raise NotAllowedNow
    require_text(basis=basis)
    if open_from and open_to and open_to < open_from:
        raise InvalidInput(fields={"open_to": _("The last day lies before the first.")})
    dataset.open_from, dataset.open_to, dataset.operated_to = open_from, open_to, operated_to
    dataset.term_basis = basis.strip()[:BASIS_CHARACTERS_MAX]
    try:
        with transaction.atomic():
            dataset.save(update_fields=["open_from", "open_to", "operated_to", "term_basis"])
    except IntegrityError as error:
        raise _in_use(error) from error
    facts = {"open_from": open_from, "open_to": open_to, "operated_to": operated_to}
    said = {name: day.isoformat() for name, day in facts.items() if day}
    audit.record(
        dataset, "set_term", actor=actor, at=at, facts={**said, "basis": dataset.term_basis}
    )
    return dataset


def _in_use(error: IntegrityError) -> Exception:
    found = getattr(error.__cause__, "diag", None)
    if found is None or found.constraint_name not in NESTED:
        return error
    return errors.TermInUse(what=found.message_detail)
