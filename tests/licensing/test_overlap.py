"""A second application for data that the applicant has licensed already is pointed out."""

from __future__ import annotations

from datetime import datetime

from applications import registers
from applications.queries import preview_checks
from licensing import queries
from tests.builders.applications import day, drafted
from tests.builders.licensing import Licensed

AT = day("2026-11-03")


def finding(stage: Licensed, *, at: datetime) -> tuple[str, str]:
    draft = drafted(stage.city)
    checks = preview_checks(application_id=draft.pk, actor=stage.city.agent, at=at)
    [found] = [check for check in checks.rows if check.code == "overlap"]
    return found.result, found.reason


def test_the_check_names_the_licenses_held_and_lets_people_decide(stage: Licensed) -> None:
    result, reason = finding(stage, at=AT)

    assert result == "ABSTAIN"
    for code in ("D01", "D07"):
        assert f"{code} {stage.license(code).number}" in reason


def test_a_license_whose_term_is_over_is_no_overlap(stage: Licensed) -> None:
    result, _reason = finding(stage, at=day("2027-11-03"))

    assert result == "PASS"


def test_a_license_that_stands_still_still_counts_and_another_party_has_none(
    stage: Licensed,
) -> None:
    held = queries.license_lines(organization_id=stage.city.applicant.pk, at=AT)
    assert [line.split(" ")[0] for line in held] == ["D01", "D07"]
    assert registers.look_up(
        registers.LICENSES, organization_id=stage.city.provider.pk, at=AT
    ) == ()


def test_the_register_costs_one_query(stage: Licensed, queries_of: object) -> None:
    assert (
        queries_of(  # type: ignore[operator]
            lambda: queries.license_lines(organization_id=stage.city.applicant.pk, at=AT)
        )
        == 1
    )
