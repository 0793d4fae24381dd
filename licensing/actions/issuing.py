"""
Issue the licenses of an agreement that has come into force.

Drawing a certificate takes long, so it is drawn before anything is locked (``prepare``); what was
drawn is compared with the locked rows when it is stored (``store``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet

from catalog.models import Dataset
from contracts import terms as contract_terms
from contracts.models import Agreement
from core import clock
from core.calendars import next_number
from licensing import numbers, scope, sealing
from licensing.actions.locks import lock_agreement
from licensing.certificate import Issue
from licensing.errors import AgreementNotInForce, NotIssuable
from licensing.models import License, LicenseDocument
from licensing.rules import CREDENTIAL
from parties.models import Organization
from parties.roles import Kind
from workflow import deadlines, transitions

Files = Mapping[str, sealing.Paper]


@dataclass(frozen=True, slots=True)
class Number:
    """A number kept for a license: the day it was taken, and the serial of that year."""

    day: date
    serial: int


@dataclass(frozen=True, slots=True)
class Prepared:
    """A certificate drawn for a license that is not stored yet, and what it says."""

    dataset_id: UUID
    number: Number
    issue: Issue
    files: Files


@transitions.action
def issue_licenses(*, agreement_id: UUID, actor: Any, at: datetime) -> tuple[License, ...]:
    """
    Issue one license per dataset of an agreement in force, with certificates, in one transaction.

    Repeatable: a dataset that has its license is left alone. A license becomes active when its
    dataset is published; otherwise it stays issued until the dataset is. The clock of the first
    credential starts with the agreement.

    :raises AgreementNotInForce: the agreement has not taken effect, or no longer holds.
    :raises NotIssuable: its terms name no dataset.
    :raises MissingGlyph: a name cannot be printed with the embedded fonts.
    Source: domain §3.3 (License), §3.6; docs/sources.md#license-certificate.
    """
    agreement = lock_agreement(agreement_id)
    missing = lock_datasets(missing_datasets(agreement))
    prepared = [
        prepare(agreement, dataset, number=next_license_number(at=at), at=at)
        for dataset in missing
    ]
    return store(agreement, missing, prepared, actor=actor, at=at)


def missing_datasets(agreement: Agreement) -> tuple[UUID, ...]:
    """
    Return the datasets of an agreement in force that never had a license, by code.

    :raises AgreementNotInForce: the agreement has not taken effect, or no longer holds.
    :raises NotIssuable: its terms name no dataset, or one that is unknown.
    """
    if agreement.state != Agreement.State.EFFECTIVE:
        raise AgreementNotInForce
    terms = contract_terms.parse(agreement.terms)
    codes = {item.code for item in (terms.scope.datasets if terms.scope else None) or ()}
    found = dict(Dataset.objects.filter(code__in=codes).values_list("code", "id"))
    if not codes or codes - set(found):
        raise NotIssuable
    # One that was revoked or replaced is not issued again by itself.
    known = set(License.objects.filter(agreement=agreement).values_list("dataset_id", flat=True))
    return tuple(found[code] for code in sorted(codes) if found[code] not in known)


def read_datasets(ids: Iterable[UUID]) -> QuerySet[Dataset]:
    """Return datasets with what a certificate says of them, by code."""
    rows = Dataset.objects.select_related("provider", "current_version")
    return rows.filter(id__in=list(ids)).order_by("code")


def lock_datasets(ids: Iterable[UUID]) -> list[Dataset]:
    """Return datasets, locked in the order of their codes."""
    return list(read_datasets(ids).select_for_update(of=("self",), no_key=True))


def next_license_number(*, at: datetime) -> Number:
    """Take the next number of the year; the counter stays locked until the commit."""
    day = clock.local_date(at)
    return Number(day, next_number(f"licensing.license.{day.year}"))


def prepare(agreement: Agreement, dataset: Dataset, *, number: Number, at: datetime) -> Prepared:
    """
    Draw the certificate of a license that is about to be issued; nothing is written.

    :raises MissingGlyph: a name cannot be printed with the embedded fonts.
    """
    _new, issue = _draft(agreement, dataset, number=number, at=at)
    return Prepared(dataset.id, number, issue, sealing.papers_of(issue, at=at))


def store(
    agreement: Agreement,
    datasets: Sequence[Dataset],
    prepared: Sequence[Prepared],
    *,
    actor: Any,
    at: datetime,
    replaced: Mapping[UUID, License] | None = None,
) -> tuple[License, ...]:
    """
    Store prepared licenses of an agreement and its datasets, all locked, and activate them.

    What changed since a certificate was drawn is drawn anew. ``replaced`` names, by dataset, the
    license whose place the new one takes.
    """
    by_id = {dataset.id: dataset for dataset in datasets}
    first = not License.objects.filter(agreement=agreement).exists()
    issued = []
    for one in prepared:
        dataset = by_id[one.dataset_id]
        new, issue = _draft(agreement, dataset, number=one.number, at=at)
        files = one.files if issue == one.issue else sealing.papers_of(issue, at=at)
        if replaced is not None:
            before = replaced[dataset.id]
            new.replaces, new.quota_account = before, before.quota_account or before.id
        new.certificate_hash = files[LicenseDocument.Kind.ORIGINAL].content_hash
        _store(new, files, actor=actor, at=at)
        if dataset.state == Dataset.State.PUBLISHED:
            transitions.perform(new, "activate", actor=actor, at=at)
        issued.append(new)
    if issued and first:
        deadlines.start(agreement, CREDENTIAL, at=agreement.effective_at or at)
    return tuple(issued)


def _draft(
    agreement: Agreement, dataset: Dataset, *, number: Number, at: datetime
) -> tuple[License, Issue]:
    terms = contract_terms.parse(agreement.terms)
    stated = terms.dataset(dataset.code)
    assert stated is not None
    assert agreement.valid_from is not None
    assert agreement.valid_to is not None
    version = dataset.current_version
    columns = list(version.fields.order_by("position")) if version else []
    purpose = terms.purpose
    new = License(
        number=numbers.number_of(year=number.day.year, serial=number.serial),
        machine_number=numbers.machine_number_of(issued_on=number.day, serial=number.serial),
        serial=number.serial,
        agreement=agreement,
        dataset=dataset,
        licensee=agreement.applicant,
        provider=dataset.provider,
        authority=agreement.authority,
        scenario_code=(purpose.scenario_code if purpose else None) or "",
        scenario_name=(purpose.scenario_name if purpose else None) or "",
        scope=scope.scope_of(
            stated.model_dump(mode="json", exclude_none=True),
            columns=[scope.Column(c.name, c.filterable) for c in columns],
        ),
        quota=terms.quota_of(dataset.code).model_dump(mode="json"),
        valid_from=agreement.valid_from,
        valid_to=agreement.valid_to,
        issued_at=at,
    )
    return new, issue_of(new, terms=terms, titles=titles_of(dataset, terms))


def titles_of(dataset: Dataset, terms: contract_terms.Terms) -> dict[str, str]:
    """Return what the fields of a dataset are called: by its version, then by the agreement."""
    version, stated = dataset.current_version, terms.dataset(dataset.code)
    titles = {c.name: c.title for c in version.fields.order_by("position")} if version else {}
    return titles | {label.name: label.title for label in (stated and stated.labels) or ()}


def issue_of(
    new: License, *, terms: contract_terms.Terms, titles: Mapping[str, str]
) -> Issue:
    """Return what a certificate of a license says, by the records of this moment."""
    return Issue(
        number=new.number,
        machine_number=new.machine_number,
        licensee=new.licensee.name,
        licensee_uscc=new.licensee.uscc,
        provider=new.provider.name,
        authority=new.authority.name,
        authority_uscc=new.authority.uscc,
        dataset_code=new.dataset.code,
        dataset_title=new.dataset.title,
        openness=new.dataset.openness,
        level=new.dataset.level,
        titles=titles,
        scope=new.scope,
        quota=new.quota,
        terms=contract_terms.dump(terms),
        valid_from=new.valid_from,
        valid_to=new.valid_to,
        agreement_number=new.agreement.number,
        decision_number=new.agreement.application.decision_number or "",
        issued_at=new.issued_at,
        base_url=settings.PUBLIC_BASE_URL,
        demo=settings.DEMO or settings.TESTING or settings.SIGNING_KEYS == "software",
    )


def _store(new: License, files: Files, *, actor: Any, at: datetime) -> None:
    transitions.create(
        new,
        actor=actor,
        at=at,
        facts={"number": new.number, "certificate_hash": new.certificate_hash},
        licensee=new.licensee,
        provider=new.provider,
        authority=new.authority,
        platform=new.agreement.application.platform,
        exchange=_exchange(),
    )
    LicenseDocument.objects.bulk_create(
        LicenseDocument(license=new, kind=kind, created_at=at, **paper.columns())
        for kind, paper in files.items()
    )


def _exchange() -> Any:
    """Return the exchange, or nothing where none takes part yet."""
    return Organization.objects.filter(kind=Kind.EXCHANGE).first()
