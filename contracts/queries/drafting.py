"""What speaks to an agreement that is to be drafted, and what keeps it from being drafted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from applications.models import Application
from applications.queries import CaseData, GrantedItem, case_facts, granted_scope
from catalog.queries import dataset_facts
from contracts import labels, statements
from contracts.invariants import broken_rules
from contracts.models import Agreement, BaseTemplate, TermProfile
from contracts.policies import AUTHORITY_ROLES
from contracts.queries.templates import profiles_in_force, template_in_force
from contracts.terms import Terms, conflicts, merge, settle
from core.errors import DomainError
from parties.queries import desks_of

KIND = "P1"
# Decided; the agreement follows within seconds unless something stands in the way.
DECIDED = ("APPROVED", "APPROVED_WITH_CONDITIONS", "UPHELD", "OVERTURNED")
CASES_MAX = 50


@dataclass(frozen=True, slots=True)
class UndraftedRow:
    """A decided case without agreement: who says what, and what else stands in the way."""

    application_id: UUID
    number: str
    applicant_name: str
    scenario: str
    conflicts: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
    broken: tuple[tuple[str, str], ...]
    obstacle: str

    @property
    def is_free(self) -> bool:
        """Whether nothing stands in the way any more."""
        return not (self.conflicts or self.broken or self.obstacle)


def said_of(
    case: CaseData,
    items: tuple[GrantedItem, ...],
    *,
    template: BaseTemplate,
    profiles: Mapping[UUID, TermProfile],
) -> list[tuple[str, Terms]]:
    """Return every statement that speaks to the agreement of a case, with who makes it."""
    return statements.everything_said(
        template=template.terms,
        datasets=[_dataset(item, profiles.get(item.dataset_id)) for item in items],
        request=statements.Request(
            scenario_code=case.scenario_code,
            scenario_name=case.scenario_name,
            purpose_class=case.purpose_class,
            purpose_text=case.purpose_text,
            products=case.expected_products,
            term_months=case.term_months,
            environment=case.environment,
            protection_level=case.protection_level,
            region=case.region,
            monthly_quota=case.monthly_quota,
        ),
        conditions=case.conditions,
    )


def undrafted_ids(*, actor: Any) -> tuple[UUID, ...]:
    """Return the decided cases without agreement of the authorities an actor decides for."""
    own = {d.organization_id for d in desks_of(actor) if d.role in AUTHORITY_ROLES}
    if not own:
        return ()
    rows = (
        Application.objects.filter(state__in=DECIDED, authority_id__in=own)
        .exclude(decision_result="REJECTED")
        .exclude(id__in=Agreement.objects.values("application_id"))
        .order_by("number", "id")
    )
    return tuple(rows.values_list("id", flat=True)[:CASES_MAX])


def undrafted_count(*, actor: Any) -> int:
    """Return how many decided cases of an actor's authority wait, CASES_MAX at most."""
    return len(undrafted_ids(actor=actor))


def undrafted(*, actor: Any) -> tuple[UndraftedRow, ...]:
    """Return the decided cases without agreement, with everything that stands in the way."""
    return tuple(_row(application_id) for application_id in undrafted_ids(actor=actor))


def _row(application_id: UUID) -> UndraftedRow:
    case, obstacle = case_facts(application_id), ""
    clashes: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = ()
    broken: tuple[tuple[str, str], ...] = ()
    try:
        template, items = template_in_force(kind=KIND), granted_scope(application_id)
        profiles = profiles_in_force(dataset_ids=[item.dataset_id for item in items])
        said = said_of(case, items, template=template, profiles=profiles)
        clashes = tuple(
            (
                labels.path_text(one.path),
                tuple(
                    (labels.source_text(source), labels.value_text(one.path, value))
                    for source, value in one.stated
                ),
            )
            for one in conflicts(said)
        )
        if not clashes:
            found = broken_rules(settle(merge(said)).terms, procedure=KIND)
            broken = tuple((labels.path_text(one.path), str(one.rule)) for one in found)
    except DomainError as error:
        obstacle = str(error)
    return UndraftedRow(
        application_id=application_id,
        number=case.number,
        applicant_name=Application.objects.values_list("applicant__name", flat=True).get(
            id=application_id
        ),
        scenario=case.scenario_name,
        conflicts=clashes,
        broken=broken,
        obstacle=obstacle,
    )


def _dataset(item: GrantedItem, profile: TermProfile | None) -> statements.GrantedDataset:
    known = dataset_facts(dataset_id=item.dataset_id)
    return statements.GrantedDataset(
        dataset_id=item.dataset_id,
        code=item.dataset_code,
        title=item.title,
        provider=known.provider_name,
        level=known.level,
        version=item.version,
        update_frequency=known.update_frequency,
        requires_consent=known.requires_consent,
        fields=item.fields,
        labels=tuple((f.name, f.title) for f in known.fields if f.name in item.fields),
        transforms=item.transforms,
        filters=item.filters,
        profile=profile.terms if profile else None,
    )
