"""
roster_edit: how long until an officer added to a panel of 3,000 open cases may act in all of them.

Measured: appoint one person to the roster that sits on every case, ask whether the person may vote
on each (one query over all of them), end the term, ask again. The baseline grants and takes back
the same right case by case, one row each, as a product without a standing panel does.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from bench import Measurement, medians
from bench._scratch import open_scratch

CASES = 3_000
MEMBERS = 7
AT = datetime(2026, 10, 12, 2, 0, tzinfo=UTC)
VOTE = "applications.vote_application"


def run() -> Iterator[Measurement]:
    """Set up a scratch database with 3,000 sitting cases, and measure both ways."""
    open_scratch()
    world = _World()
    value, baseline = medians(measured=world.by_roster, baseline=world.case_by_case)
    yield Measurement(
        bench="roster_edit",
        value=value,
        unit="s",
        baseline=f"the same right granted one by one on {CASES} cases",
        baseline_value=baseline,
    )


class _World:
    """A committee, its roster, and cases that the whole roster sits on."""

    def __init__(self) -> None:
        from applications import actions
        from parties import actions as parties
        from parties.queries import system_actor
        from parties.roles import Kind, Role

        self.system = system_actor()
        houses = {
            kind: parties.register_organization(
                name=f"示例{kind}", short_name=kind, uscc=_uscc(n), kind=kind,
                actor=self.system, at=AT,
            )
            for n, kind in enumerate(
                (Kind.AUTHORITY, Kind.PLATFORM, Kind.COMMITTEE, Kind.APPLICANT), 1
            )
        }  # fmt: skip
        self.houses = houses
        committee = houses[Kind.COMMITTEE]
        self.secretary = self._person(committee, Role.COMMITTEE_SECRETARY, "mishu")
        self.members = [
            self._person(committee, Role.COMMITTEE_MEMBER, f"weiyuan{n}") for n in range(MEMBERS)
        ]
        self.newcomer = self._person(committee, Role.COMMITTEE_MEMBER, "xinren")
        self.roster = actions.open_roster(name="第一届", actor=self.secretary, at=AT)
        self._appoint(self.members)
        self._seat_cases()

    def by_roster(self) -> float:
        """Return the seconds from the appointment to the right on every case, both ways."""
        from applications import actions

        began = time.perf_counter()
        self._appoint([self.newcomer])
        assert self._may_vote_on() == CASES, "the newcomer may not vote everywhere"
        added = time.perf_counter() - began
        actions.end_term(
            term_id=self.newcomer.committee_terms.latest("id").pk,
            reason="测量",
            actor=self.secretary,
            at=AT,
        )
        assert self._may_vote_on() == 0, "the right outlives the term"
        return added

    def case_by_case(self) -> float:
        """Return the seconds to grant the right on each case, one by one, in one transaction."""
        from django.db import transaction

        from workflow import policy

        began = time.perf_counter()
        with transaction.atomic():
            for case in self.cases:
                policy.grant_person(VOTE, person=self.newcomer, subject=case)
        assert self._may_vote_on() == CASES
        taken = time.perf_counter() - began
        with transaction.atomic():
            for case in self.cases:
                policy.withdraw_person(VOTE, person=self.newcomer, subject=case)
        return taken

    def _may_vote_on(self) -> int:
        from applications.models import Application
        from workflow import policy

        return policy.visible(self.newcomer, VOTE, Application).count()

    def _person(self, house: Any, role: str, name: str) -> Any:
        from parties import actions

        person = actions.create_user(
            username=name,
            full_name=name,
            password="Roster-bench-2026",
            actor=self.system,
            at=AT,
        )
        actions.open_desk(
            user_id=person.pk, organization_id=house.pk, role=role, actor=self.system, at=AT
        )
        return person

    def _appoint(self, people: list[Any]) -> None:
        from applications import actions
        from core import clock

        actions.appoint_members(
            roster_id=self.roster.pk,
            appointments=[
                actions.Appointment(
                    member_id=who.pk,
                    role="CHAIR" if who is self.members[0] else "MEMBER",
                    basis="聘任文件",
                    from_on=clock.local_date(AT),
                )
                for who in people
            ],
            actor=self.secretary,
            at=AT,
        )

    def _seat_cases(self) -> None:
        """Write the cases and their rounds in bulk; the right of the roster is one row a case."""
        from django.contrib.auth.models import Permission

        from applications.models import Application, ApplicationGroupPermission
        from applications.queries.roster import rule_in_force, rules_of
        from core import clock
        from parties.roles import Kind
        from workflow.models import ReviewRound, ReviewSeat

        handler = self._person(self.houses[Kind.AUTHORITY], "AUTHORITY_CASE", "jingban")
        self.cases = Application.objects.bulk_create(
            [
                Application(
                    state="COMMITTEE_REVIEW",
                    number=f"WX-SQ-2026-{n:05d}",
                    scenario_code=f"CJ-2026-{n:05d}",
                    applicant=self.houses[Kind.APPLICANT],
                    authority=self.houses[Kind.AUTHORITY],
                    platform=self.houses[Kind.PLATFORM],
                    committee=self.houses[Kind.COMMITTEE],
                    drafted_by=handler,
                    handler=handler,
                    created_at=AT,
                    updated_at=AT,
                    submitted_at=AT,
                    accepted_at=AT,
                )
                for n in range(CASES)
            ]
        )
        rules = rules_of(rule_in_force(kind="REVIEW", on=clock.local_date(AT))).as_json()
        rounds = ReviewRound.objects.bulk_create(
            [
                ReviewRound(
                    subject_type=Application._meta.label_lower,
                    subject_id=str(case.pk),
                    number=1,
                    standing=self.roster.group,
                    rules=rules,
                    opened_at=AT,
                )
                for case in self.cases
            ]
        )
        ReviewSeat.objects.bulk_create(
            [ReviewSeat(round=r, member=self.members[0], role="CHAIR") for r in rounds]
        )
        [vote] = Permission.objects.filter(
            codename="vote_application", content_type__app_label="applications"
        )
        ApplicationGroupPermission.objects.bulk_create(
            [
                ApplicationGroupPermission(
                    permission=vote, group=self.roster.group, content_object=case
                )
                for case in self.cases
            ]
        )


def _uscc(number: int) -> str:
    from core.ids import uscc_check_character

    body = f"9132020000{number:07d}"
    return body + uscc_check_character(body)
