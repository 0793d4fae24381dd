"""Issue the licenses of an agreement that has come into force."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings

from catalog.models import Dataset
from contracts import terms as contract_terms
from contracts.models import Agreement
from core import clock, hashing
from core.calendars import next_number
from licensing import numbers, scope
from licensing.actions.locks import lock_agreement
from licensing.certificate import Issue, facts_of
from licensing.documents import render_license
from licensing.errors import AgreementNotInForce, NotIssuable
from licensing.models import License, LicenseDocument
from licensing.rules import CREDENTIAL
from parties.models import Organization
from parties.roles import Kind
from workflow import deadlines, transitions


@transitions.action
def issue_licenses(*, agreement_id: UUID, actor: Any, at: datetime) -> tuple[License, ...]:
    """
    Issue one license per dataset of an agreement in force, with certificates.

    Repeatable: a dataset that has its license is left alone. A license becomes active when its
    dataset is published; otherwise it stays issued until the dataset is. The clock of the first
    credential starts with the agreement.

    :raises AgreementNotInForce: the agreement has not taken effect, or no longer holds.
    :raises NotIssuable: its terms name no dataset.
    :raises MissingGlyph: a name cannot be printed with the embedded fonts.
    Source: domain §3.3 (License), §3.6; docs/sources.md#license-certificate.
    """
    agreement = lock_agreement(agreement_id)
    if agreement.state != Agreement.State.EFFECTIVE:
        raise AgreementNotInForce
    terms = contract_terms.parse(agreement.terms)
    stated = (terms.scope.datasets if terms.scope else None) or ()
    if not stated:
        raise NotIssuable
    known = set(
        License.objects.filter(agreement=agreement, state__in=License.LIVE).values_list(
            "dataset_id", flat=True
        )
    )
    issued = []
    for item in sorted(stated, key=lambda one: one.code):
        dataset = (
            Dataset.objects.select_for_update(of=("self",), no_key=True)
            .select_related("provider", "current_version")
            .filter(code=item.code)
            .first()
        )
        if dataset is None:
            raise NotIssuable
        if dataset.id not in known:
            issued.append(_issue(agreement, dataset, terms, actor=actor, at=at))
    if issued and not known:
        effective_at = agreement.effective_at or at
        deadlines.start(agreement, CREDENTIAL, at=effective_at)
    return tuple(issued)


def _issue(
    agreement: Agreement, dataset: Dataset, terms: contract_terms.Terms, *, actor: Any, at: datetime
) -> License:
    stated = terms.dataset(dataset.code)
    assert stated is not None
    assert agreement.valid_from is not None
    assert agreement.valid_to is not None
    version = dataset.current_version
    columns = list(version.fields.order_by("position")) if version else []
    scope_ = scope.scope_of(
        stated.model_dump(mode="json", exclude_none=True),
        columns=[scope.Column(c.name, c.filterable) for c in columns],
    )
    day = clock.local_date(at)
    serial = next_number(f"licensing.license.{day.year}")
    purpose = terms.purpose
    new = License(
        number=numbers.number_of(year=day.year, serial=serial),
        machine_number=numbers.machine_number_of(issued_on=day, serial=serial),
        serial=serial,
        agreement=agreement,
        dataset=dataset,
        licensee=agreement.applicant,
        provider=dataset.provider,
        authority=agreement.authority,
        scenario_code=(purpose.scenario_code if purpose else None) or "",
        scenario_name=(purpose.scenario_name if purpose else None) or "",
        scope=scope_,
        quota=terms.quota_of(dataset.code).model_dump(mode="json"),
        valid_from=agreement.valid_from,
        valid_to=agreement.valid_to,
        issued_at=at,
    )
    titles = {c.name: c.title for c in columns}
    titles |= {label.name: label.title for label in stated.labels or ()}
    files = _certificates(new, terms=terms, titles=titles)
    new.certificate_hash = hashing.digest(files[LicenseDocument.Kind.ORIGINAL])
    _store(new, files, actor=actor, at=at)
    if dataset.state == Dataset.State.PUBLISHED:
        transitions.perform(new, "activate", actor=actor, at=at)
    return new


def _certificates(
    new: License, *, terms: contract_terms.Terms, titles: dict[str, str]
) -> dict[LicenseDocument.Kind, bytes]:
    issue = Issue(
        number=new.number,
        machine_number=new.machine_number,
        licensee=new.licensee.name,
        licensee_uscc=new.licensee.uscc,
        provider=new.provider.name,
        authority=new.authority.name,
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
        demo=settings.DEMO or settings.TESTING,
    )
    return {
        LicenseDocument.Kind.ORIGINAL: render_license(facts_of(issue, copy="ORIGINAL")),
        LicenseDocument.Kind.DUPLICATE: render_license(facts_of(issue, copy="DUPLICATE")),
    }


def _store(
    new: License, files: dict[LicenseDocument.Kind, bytes], *, actor: Any, at: datetime
) -> None:
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
        LicenseDocument(
            license=new, kind=kind, content_hash=hashing.digest(file), file=file, created_at=at
        )
        for kind, file in files.items()
    )


def _exchange() -> Any:
    """Return the exchange, or nothing where none takes part yet."""
    return Organization.objects.filter(kind=Kind.EXCHANGE).first()
