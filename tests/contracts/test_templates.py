"""Templates and profiles: versions, a second person, and never looser than what is locked."""

from __future__ import annotations

import pytest

from contracts import actions, errors
from contracts.clauses import library
from contracts.models import BaseTemplate, TermProfile
from contracts.queries import library_page
from core.errors import DomainError, Forbidden, NotAllowedNow, NotFound
from parties.queries import system_actor
from tests.builders.applications import City, build_city, day

AT = day("2026-09-01")
pytestmark = pytest.mark.django_db


@pytest.fixture
def city() -> City:
    city = build_city()
    actions.install_term_profiles(actor=system_actor(), at=AT)
    return city


def draft(city: City, terms: dict[str, object], *, who: object = None) -> TermProfile:
    return actions.draft_term_profile(
        dataset_id=city.datasets[0].pk, terms=terms, note="", actor=who or city.officer, at=AT
    )


def agreed(city: City, profile: TermProfile) -> TermProfile:
    """Take a draft of the provider through the talks with the authority."""
    proposer = profile.drafted_by
    actions.propose_term_profile(profile_id=profile.pk, actor=proposer, at=AT)
    return actions.agree_term_profile(profile_id=profile.pk, actor=city.case, at=AT)


class TestInstalling:
    def test_gives_every_known_dataset_its_first_profile_and_twice_is_harmless(
        self, city: City
    ) -> None:
        assert set(TermProfile.objects.values_list("dataset__code", flat=True)) == {"D01", "D07"}
        assert actions.install_term_profiles(actor=system_actor(), at=AT) == ()
        assert actions.install_base_template(actor=system_actor(), at=AT) is None
        assert BaseTemplate.objects.get(kind="P1").state == BaseTemplate.State.PUBLISHED


def test_what_was_installed_before_there_was_an_authority_is_shown_to_it_later() -> None:
    system = system_actor()
    actions.install_base_template(actor=system, at=AT)
    city = build_city()
    assert library_page(actor=city.case).clauses == ()

    actions.install_base_template(actor=system, at=AT)

    page = library_page(actor=city.case)
    assert len(page.clauses) == len(library.FIRST)
    assert len(page.templates) == 4
    assert library_page(actor=city.officer).clauses == ()


class TestAProfile:
    def test_is_published_by_another_person_and_then_in_force(self, city: City) -> None:
        profile = draft(city, {"retention": {"days": 14}})

        with pytest.raises(NotAllowedNow):
            actions.publish_term_profile(profile_id=profile.pk, actor=city.leader, at=AT)
        agreed(city, profile)
        with pytest.raises(Forbidden):
            actions.publish_term_profile(profile_id=profile.pk, actor=city.officer, at=AT)
        assert TermProfile.objects.get(pk=profile.pk).published_at is None
        actions.publish_term_profile(profile_id=profile.pk, actor=city.leader, at=AT)

        profile = TermProfile.objects.get(pk=profile.pk)
        assert (profile.version, profile.published_by) == (2, city.leader)
        with pytest.raises(NotAllowedNow):
            actions.publish_term_profile(profile_id=profile.pk, actor=city.leader, at=AT)

    def test_of_the_leader_who_drafted_it_as_officer_waits_for_somebody_else(
        self, city: City
    ) -> None:
        from tests.builders.parties import add_desk

        add_desk(city.leader, city.provider, "PROVIDER_OFFICER")
        profile = agreed(city, draft(city, {"retention": {"days": 14}}, who=city.leader))

        with pytest.raises(Forbidden):
            actions.publish_term_profile(profile_id=profile.pk, actor=city.leader, at=AT)

        assert TermProfile.objects.get(pk=profile.pk).state == "AGREED"

    @pytest.mark.parametrize(
        ("terms", "error"),
        [
            ({"retention": {"days": 3650}}, errors.TooLoose),
            ({"onward_transfer": {"allowed": "NAMED_PROCESSORS"}}, errors.TooLoose),
            ({"quota": {"datasets": {"D07": {"per_month": 1}}}}, DomainError),
            ({"retention": {"years": 1}}, DomainError),
            ({}, errors.NothingChanged),
        ],
    )
    def test_that_does_not_fit_is_refused_and_nothing_is_written(
        self, city: City, terms: dict[str, object], error: type[Exception]
    ) -> None:
        before = TermProfile.objects.count()

        with pytest.raises(error):
            draft(city, terms)

        assert TermProfile.objects.count() == before

    def test_is_drafted_by_the_datas_own_department_or_the_authority(self, city: City) -> None:
        for stranger in (city.second_officer, city.agent, city.stranger):
            with pytest.raises(NotFound):
                draft(city, {"retention": {"days": 14}}, who=stranger)

        assert TermProfile.objects.filter(version=2).count() == 0


class TestABaseTemplate:
    def test_gets_its_next_version_from_two_people(self, city: City) -> None:
        first = BaseTemplate.objects.get(kind="P1")
        second = actions.draft_base_template(
            kind="P1",
            terms=first.terms | {"retention": {"days": 90, "backup_days": 60}},
            locked=first.locked,
            actor=city.case,
            at=AT,
        )

        with pytest.raises(Forbidden):
            actions.publish_base_template(template_id=second.pk, actor=city.case, at=AT)
        actions.publish_base_template(template_id=second.pk, actor=city.decider, at=AT)

        assert BaseTemplate.objects.get(kind="P1", version=2).state == "PUBLISHED"
        with pytest.raises(Forbidden):
            actions.draft_base_template(
                kind="P1", terms=first.terms, locked=[], actor=city.agent, at=AT
            )
