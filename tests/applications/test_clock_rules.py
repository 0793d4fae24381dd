"""Later versions of the rules of clocks: two people, a later day, nothing in hindsight."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from applications import actions, queries
from applications.actions.clock_rules import ProposalOpen
from applications.models import RuleProposal
from core.errors import Forbidden, InvalidInput, NotAllowedNow, NotFound
from parties.roles import Role
from tests.applications.conftest import due
from tests.builders import applications as build
from tests.builders.applications import City, day
from tests.builders.parties import add_desk
from workflow.deadlines import ClockError
from workflow.models import AuditEntry, DeadlineRule, EscalationRule

pytestmark = pytest.mark.django_db

AT = day("2026-09-10")
BASIS = "《无锡市公共数据开放实施细则》（2026年修订）第十二条"


def propose(actor: Any, *, at: Any = AT, **changes: Any) -> RuleProposal:
    facts = {
        "of": "DEADLINE",
        "clock_kind": "acceptance",
        "working_days": 2,
        "legal_basis": BASIS,
        "effective_on": date(2026, 9, 15),
        **changes,
    }
    return actions.propose_rule(actor=actor, at=at, **facts)


def settle(
    proposal: RuleProposal, actor: Any, *, approve: bool = True, at: Any = AT, note: str = ""
) -> RuleProposal:
    return actions.settle_rule(
        proposal_id=proposal.pk, approve=approve, note=note, actor=actor, at=at
    )


def escalation(**changes: Any) -> dict[str, Any]:
    return {"of": "ESCALATION", "working_days": 3, "role": "AUTHORITY_DECIDER", **changes}


class TestAVersion:
    def test_holds_for_clocks_that_start_from_its_day_and_for_no_other(self, city: City) -> None:
        settle(propose(city.case), city.decider)
        running = build.submitted(city)
        assert due(running, "acceptance") == "2026-09-17"
        later = build.submitted(city, at=day("2026-09-15"))
        assert due(later, "acceptance") == "2026-09-17"
        [clock] = [
            c
            for c in queries.case_page(
                application_id=later.pk, actor=city.case, at=day("2026-09-15")
            ).clocks
            if c.kind == "acceptance"
        ]
        assert (clock.total, clock.rule_version, clock.legal_basis) == (2, 2, BASIS)

    def test_is_made_by_two_people_of_whom_one_decides(self, city: City) -> None:
        add_desk(city.case, city.authority, Role.AUTHORITY_DECIDER)
        proposal = propose(city.case)
        for who in (city.case, city.supervisor):
            with pytest.raises(Forbidden):
                settle(proposal, who)
        proposal.refresh_from_db()
        assert (proposal.state, proposal.version) == ("PROPOSED", None)
        assert DeadlineRule.objects.filter(kind="acceptance").count() == 1
        made = settle(proposal, city.decider)
        assert (made.state, made.version) == ("APPROVED", 2)
        acts = AuditEntry.objects.filter(subject_id=str(made.pk), outcome="DONE")
        assert list(acts.order_by("id").values_list("action", flat=True)) == ["create", "approve"]

    def test_is_settled_once(self, city: City) -> None:
        proposal = propose(city.case)
        settle(proposal, city.decider)
        with pytest.raises(NotAllowedNow):
            settle(proposal, city.second_decider)
        assert DeadlineRule.objects.filter(kind="acceptance").count() == 2

    def test_is_not_approved_once_its_day_has_come(self, city: City) -> None:
        proposal = propose(city.case)
        with pytest.raises(InvalidInput):
            settle(proposal, city.decider, at=day("2026-09-15"))
        assert DeadlineRule.objects.filter(kind="acceptance").count() == 1

    def test_does_not_begin_before_the_version_approved_before_it(self, city: City) -> None:
        settle(propose(city.case, effective_on=date(2026, 12, 1)), city.decider)
        proposal = propose(city.case)
        with pytest.raises(ClockError):
            settle(proposal, city.decider)
        proposal.refresh_from_db()
        assert proposal.state == "PROPOSED"

    def test_that_is_refused_needs_a_reason_and_makes_room_for_another(self, city: City) -> None:
        proposal = propose(city.case)
        with pytest.raises(ProposalOpen):
            propose(city.supervisor)
        with pytest.raises(InvalidInput):
            settle(proposal, city.decider, approve=False, note=" ")
        assert settle(proposal, city.decider, approve=False, note="依据不足").state == "REFUSED"
        assert propose(city.case).state == "PROPOSED"
        assert DeadlineRule.objects.filter(kind="acceptance").count() == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"of": "WEATHER"},
        {"clock_kind": "coffee"},
        {"working_days": 0},
        {"working_days": 1_001},
        {"legal_basis": "  "},
        {"legal_basis": "长" * 301},
        {"effective_on": date(2026, 9, 10)},
        {"effective_on": date(2026, 9, 1)},
        escalation(role="PLATFORM_OPS"),
        escalation(clock_kind="signing"),
    ],
)
def test_what_is_no_rule_is_not_even_proposed(city: City, changes: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput):
        propose(city.case, **changes)
    assert not RuleProposal.objects.exists()


def test_nobody_outside_the_authority_proposes_or_reads(city: City) -> None:
    for who in (city.agent, city.stranger, city.secretary):
        with pytest.raises(Forbidden):
            propose(who)
        with pytest.raises(NotFound):
            queries.clock_rules(of="DEADLINE", actor=who, at=AT)
    proposal = propose(city.case)
    with pytest.raises(NotFound):
        settle(proposal, city.agent)
    assert RuleProposal.objects.get().state == "PROPOSED"


class TestAnEscalation:
    def test_of_a_running_clock_keeps_its_rule(self, city: City) -> None:
        running = build.submitted(city)
        settle(propose(city.case, **escalation()), city.decider)
        rule = EscalationRule.objects.get(kind="acceptance", version=2)
        assert (rule.after_working_days, rule.role) == (3, "AUTHORITY_DECIDER")
        # One working day after 17 September, before the supervisor: as when it started.
        assert actions.escalate_overdue(at=day("2026-09-18")) == 1
        entry = AuditEntry.objects.get(action="escalate_clock", subject_id=str(running.pk))
        assert entry.facts["rule_version"] == 1

    def test_of_a_later_clock_follows_the_new_one(self, city: City) -> None:
        settle(propose(city.case, **escalation()), city.decider)
        later = build.submitted(city, at=day("2026-09-15"))
        assert due(later, "acceptance") == "2026-09-18"
        # The make-up Sunday 20, then 21 and 22 September.
        assert actions.escalate_overdue(at=day("2026-09-21")) == 0
        assert actions.escalate_overdue(at=day("2026-09-22")) == 1
        entry = AuditEntry.objects.get(action="escalate_clock", subject_id=str(later.pk))
        assert (entry.facts["rule_version"], entry.facts["role"]) == (2, "AUTHORITY_DECIDER")


class TestThePageOfRules:
    def test_tells_present_past_and_future_versions_with_basis_and_running_clocks(
        self, city: City
    ) -> None:
        build.submitted(city, at=day("2026-09-09"))
        settle(propose(city.case), city.decider)
        waiting = propose(city.case, clock_kind="signing", working_days=20)

        def of(kind: str, at: Any) -> Any:
            pages = queries.clock_rules(of="DEADLINE", actor=city.case, at=at)
            return next(page for page in pages if page.clock_kind == kind)

        before = of("acceptance", AT)
        assert [(v.version, v.status, v.running) for v in before.versions] == [
            (2, "future", 0),
            (1, "present", 1),
        ]
        assert before.present.version == 1
        after = of("acceptance", day("2026-09-15"))
        assert [(v.version, v.status) for v in after.versions] == [(2, "present"), (1, "past")]
        assert (after.present.legal_basis, after.present.approved_by) == (
            BASIS,
            city.decider.full_name,
        )
        [shown] = of("signing", AT).proposals
        assert (shown.id, shown.proposed_by) == (waiting.pk, city.case.full_name)

    def test_asks_the_same_number_of_queries_however_many_versions(
        self, city: City, queries_of: Any
    ) -> None:
        def read() -> Any:
            return queries.clock_rules(of="DEADLINE", actor=city.supervisor, at=AT)

        read()
        few = queries_of(read)
        for number in range(5):
            settle(
                propose(city.case, effective_on=date(2026, 10, 1 + number)), city.decider
            )
        assert queries_of(read) == few
