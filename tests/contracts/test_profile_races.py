"""Two sides, one profile: whoever is first drafts, and nobody publishes twice."""

from __future__ import annotations

from typing import Any

import pytest

from contracts import actions
from contracts.models import ClauseVersion, TermProfile
from core.errors import DomainError
from parties.queries import system_actor
from tests.builders.applications import build_city, day

AT = day("2026-09-01")
pytestmark = pytest.mark.django_db(transaction=True)


def outcome(call: Any) -> str:
    """Return what became of a call."""
    try:
        call()
    except DomainError as error:
        return error.code
    return "done"


def test_two_sides_that_draft_together_make_one_draft(together: Any) -> None:
    city = build_city()
    actions.install_base_template(actor=system_actor(), at=AT)
    actions.install_term_profiles(actor=system_actor(), at=AT)
    dataset = city.datasets[0]

    def draft(who: Any) -> Any:
        return lambda: outcome(
            lambda: actions.draft_term_profile(
                dataset_id=dataset.pk, terms={"retention": {"days": 14}}, note="", actor=who, at=AT
            )
        )

    found = together(draft(city.officer), draft(city.case))

    assert sorted(found) == ["done", "draft_open"]
    assert TermProfile.objects.filter(dataset=dataset, state="DRAFT").count() == 1


def test_two_who_draft_and_two_who_publish_a_clause_together_make_one_version(
    together: Any,
) -> None:
    city = build_city()
    actions.install_base_template(actor=system_actor(), at=AT)
    first = ClauseVersion.objects.get(code="retention")

    def draft(who: Any) -> Any:
        return lambda: outcome(
            lambda: actions.draft_clause(
                code="retention", title="留存期限", paragraphs=first.paragraphs, forms=first.forms,
                procedures=first.procedures, legal_basis=first.legal_basis, note="", actor=who,
                at=AT,
            )
        )  # fmt: skip

    assert sorted(together(draft(city.case), draft(city.case))) == ["done", "draft_open"]
    row = ClauseVersion.objects.get(code="retention", version=2)

    def publish() -> str:
        return outcome(
            lambda: actions.publish_clause(clause_id=row.pk, actor=city.decider, at=AT)
        )

    assert sorted(together(publish, publish)) == ["done", "not_allowed_now"]
    assert ClauseVersion.objects.filter(code="retention", state="PUBLISHED").count() == 2
