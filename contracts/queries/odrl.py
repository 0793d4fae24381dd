"""The policy of an agreement, for machines."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from catalog.models import Dataset
from contracts.models import Agreement
from contracts.odrl.facts import Facts, Party
from contracts.odrl.writer import policy_of
from contracts.queries.agreements import SEE
from contracts.terms import Terms, parse, terms_hash
from core.errors import NotFound
from workflow import policy


def agreement_policy(*, agreement_id: UUID, actor: Any) -> dict[str, Any]:
    """
    Return the terms of an agreement as an ODRL policy in JSON-LD; an offer until it takes effect.

    :raises NotFound: there is no such agreement, or the actor may not see it.
    """
    row = (
        policy.visible(actor, SEE, Agreement)
        .select_related("applicant")
        .filter(id=agreement_id)
        .first()
    )
    if row is None:
        raise NotFound
    terms = parse(row.terms)
    return policy_of(terms, _facts(row, terms))


def _facts(row: Agreement, terms: Terms) -> Facts:
    codes = [one.code for one in (terms.scope.datasets if terms.scope else None) or ()]
    datasets = list(
        Dataset.objects.filter(code__in=codes)
        .select_related("provider")
        .prefetch_related("current_version__fields")
    )
    return Facts(
        policy_id=f"urn:uuid:{row.pk}",
        number=row.number,
        version=row.text_version,
        licensee=Party(row.applicant.uscc, row.applicant.name),
        providers={d.code: Party(d.provider.uscc, d.provider.name) for d in datasets},
        filterable={d.code: _filterable(d) for d in datasets},
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        terms_hash=terms_hash(terms),
        text_hash=row.text_hash,
    )


def _filterable(dataset: Dataset) -> tuple[str, ...]:
    version = dataset.current_version
    fields = version.fields.all() if version else ()
    return tuple(sorted(one.name for one in fields if one.filterable))
