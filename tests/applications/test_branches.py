"""The provider review: what the reviewer sees, who drafts, and that the order does not matter."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from applications import actions, scope
from applications.models import ProviderBranch
from applications.queries import branch_page, granted_scope
from contracts import actions as contracts
from core.errors import Forbidden, InvalidInput, NotAllowedNow, NotFound
from parties.models import User
from parties.queries import system_actor
from tests.applications.support import refuses
from tests.builders import applications as build
from tests.builders.applications import City, day
from tests.builders.parties import person
from tests.portal.reading import read, send
from workflow import inbox

pytestmark = pytest.mark.django_db

ANSWERS = st.one_of(
    st.just({"decision": "ALLOW", "rule": ""}),
    st.just({"decision": "DENY", "rule": ""}),
    st.sampled_from(sorted(scope.TRANSFORM_RULES)).map(
        lambda rule: {"decision": "TRANSFORM", "rule": rule}
    ),
)
FIELDS = st.sampled_from(["a", "b", "c"])
OPINIONS = st.lists(st.dictionaries(FIELDS, ANSWERS), min_size=1, max_size=4)
STRENGTH = [*scope.TRANSFORM_RULES]


class TestTheIntersection:
    @given(requested=st.lists(FIELDS, unique=True), opinions=OPINIONS, data=st.data())
    def test_is_the_same_in_any_order_of_the_branches(
        self, requested: list[str], opinions: list[dict[str, Any]], data: st.DataObject
    ) -> None:
        shuffled = data.draw(st.permutations(opinions))
        assert scope.merge(requested=requested, opinions=opinions) == scope.merge(
            requested=requested, opinions=shuffled
        )

    @given(requested=st.lists(FIELDS, unique=True), opinions=OPINIONS)
    def test_lies_within_every_opinion(
        self, requested: list[str], opinions: list[dict[str, Any]]
    ) -> None:
        merged = scope.merge(requested=requested, opinions=opinions)
        for name, opinion in itertools.product(merged.fields, opinions):
            answer = opinion.get(name)
            if answer is None:
                continue
            assert answer["decision"] != "DENY"
            if answer["decision"] == "TRANSFORM":
                rule = merged.transforms[name]
                assert STRENGTH.index(rule) >= STRENGTH.index(answer["rule"])


class TestSeveralDepartments:
    def test_are_narrowed_each_in_its_own_data_whoever_answers_last(self, city: City) -> None:
        deny = {"decision": "DENY", "reason": "非必要", "legal_basis": "最小必要原则"}
        scopes = []
        for order in ("id", "-id"):
            case = build.accepted(city)
            for branch in case.branches.order_by(order):
                build.answer_branch(city, branch, capital=deny, seal_flag=deny)
            scopes.append([(g.dataset_code, g.fields) for g in granted_scope(case.pk)])
        assert scopes[0] == scopes[1]
        left = dict(scopes[0])
        assert "capital" not in left["D01"]
        assert "seal_flag" not in left["D07"]

    def test_each_answer_for_their_own_data_only(self, city: City) -> None:
        case = build.accepted(city)
        branch = case.branches.get(provider=city.provider)
        opinion = build.opinion_on(branch)
        opinion["D07"] = {"fields": {}, "note": ""}
        refuses(
            branch,
            InvalidInput,
            lambda: actions.draft_provider_opinion(
                branch_id=branch.pk, opinion=opinion, actor=city.officer, at=build.REVIEWED
            ),
        )

    def test_a_refusal_names_its_legal_basis(self, city: City) -> None:
        case = build.accepted(city)
        branch = case.branches.get(provider=city.provider)
        opinion = build.opinion_on(branch, capital={"decision": "DENY", "reason": "非必要"})
        error = refuses(
            branch,
            InvalidInput,
            lambda: actions.draft_provider_opinion(
                branch_id=branch.pk, opinion=opinion, actor=city.officer, at=build.REVIEWED
            ),
        )
        assert list(error.fields) == ["D01.capital"]  # type: ignore[attr-defined]


class TestTheReviewer:
    def test_sees_what_was_said_of_the_same_data_before_and_what_came_of_it(
        self, city: City
    ) -> None:
        deny = {"decision": "DENY", "reason": "非必要", "legal_basis": "最小必要原则"}
        _city, earlier = build.approved_application(city, decisions={"capital": deny})
        case = build.accepted(city)
        branch = case.branches.get(provider=city.provider)
        page = branch_page(branch_id=branch.pk, actor=city.officer, at=build.REVIEWED)
        [one] = page.earlier
        assert (one.number, one.code, one.refused) == (earlier.number, "D01", ("capital",))
        assert one.denied == 1
        assert one.result_name

    def test_sees_the_terms_that_the_profile_in_force_demands(self, city: City) -> None:
        contracts.install_base_template(actor=system_actor(), at=build.ACCEPTED)
        contracts.install_term_profiles(actor=system_actor(), at=build.ACCEPTED)
        case = build.accepted(city)
        branch = case.branches.get(provider=city.second_provider)
        page = read(city.second_officer, "application_branch", branch.pk, at=build.REVIEWED)
        assert "条款配置" in page
        assert "仅核验" in page

    def test_allows_the_rest_at_once(self, city: City) -> None:
        case = build.accepted(city)
        branch = case.branches.get(provider=city.provider)
        data = {
            "allow_rest": "1",
            "D01.capital.decision": "DENY",
            "D01.capital.reason": "非必要",
            "D01.capital.legal_basis": "最小必要原则",
        }
        send(city.officer, "application_branch", branch.pk, at=build.REVIEWED, data=data)
        branch.refresh_from_db()
        decisions = {n: a["decision"] for n, a in branch.opinion["D01"]["fields"].items()}
        assert decisions.pop("capital") == "DENY"
        assert set(decisions.values()) == {"ALLOW"}


class TestDelegation:
    def delegate(self, branch: ProviderBranch, actor: User, to: Any) -> ProviderBranch:
        return actions.delegate_branch(
            branch_id=branch.pk, to=to, actor=actor, at=day("2026-09-17")
        )

    def test_leaves_the_draft_to_one_officer_until_somebody_takes_it_over(
        self, city: City
    ) -> None:
        colleague = person(city.provider, "PROVIDER_OFFICER", full_name="市监副专员")
        case = build.accepted(city)
        branch = case.branches.get(provider=city.provider)
        self.delegate(branch, city.leader, colleague)

        def duties(who: User) -> list[str]:
            return [i.duty for i in inbox.waiting_for(who, at=build.REVIEWED)]

        assert "applications.draft_opinion" not in duties(city.officer)
        assert "applications.draft_opinion" in duties(colleague)
        refuses(branch, Forbidden, lambda: build.answer_branch(city, branch))
        page = read(city.officer, "application_branch", branch.pk, at=build.REVIEWED)
        assert "由同事经办" in page
        self.delegate(branch, city.officer, city.officer)
        build.answer_branch(city, branch)
        branch.refresh_from_db()
        assert branch.state == "ANSWERED"

    def test_is_within_the_department_and_while_the_opinion_is_open(self, city: City) -> None:
        case = build.accepted(city)
        branch = case.branches.get(provider=city.provider)
        refuses(
            branch, InvalidInput, lambda: self.delegate(branch, city.leader, city.second_officer)
        )
        refuses(branch, NotFound, lambda: self.delegate(branch, city.stranger, city.officer))
        refuses(branch, Forbidden, lambda: self.delegate(branch, city.decider, city.officer))
        build.answer_branch(city, branch)
        refuses(branch, NotAllowedNow, lambda: self.delegate(branch, city.leader, city.officer))

    def test_can_be_done_and_given_back_on_the_page(self, city: City) -> None:
        case = build.accepted(city)
        branch = case.branches.get(provider=city.provider)
        for to in (str(city.officer.pk), ""):
            send(
                city.leader, "application_branch_delegate", branch.pk,
                at=build.REVIEWED, data={"to": to},
            )  # fmt: skip
            branch.refresh_from_db()
            assert str(branch.assignee_id or "") == to
