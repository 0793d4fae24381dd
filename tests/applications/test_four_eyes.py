"""Nobody handles and votes, votes twice, or sits on the case of an own house, by any door."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from applications import actions, panel, queries
from applications.errors import CannotBeSeated
from applications.models import Application
from core import clock
from core.errors import DomainError, Forbidden, NotAllowedNow, NotFound
from notify import actions as notify
from tests.applications.panels import AT, declare, page_of, seat
from tests.applications.support import refuses
from tests.builders import applications as build
from tests.builders.applications import City
from tests.builders.parties import add_desk, organization
from workflow.models import Ballot, ReviewRound, ReviewSeat, SheetDraft
from workflow.models.audit import AuditEntry
from workflow.rounds import PanelError

pytestmark = pytest.mark.django_db


Way = Callable[[City, Application, Any], Any]


def _client(who: Any) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(who)
    return client


def _post(name: str, **data: Any) -> Way:
    def way(city: City, case: Application, who: Any) -> Any:
        with clock.fixed(AT):
            answer = _client(who).post(reverse(f"portal:{name}", args=[case.pk]), data)
        if answer.status_code < 400:
            return answer
        raise Forbidden if answer.status_code == 403 else NotFound

    return way


SHEET = {f"score_{key}": most for key, most in panel.CRITERIA.items()}
WAYS: dict[str, Way] = {
    "declare by action": lambda city, case, who: declare(case, who),
    "vote by action": lambda city, case, who: build.vote(case, who),
    "sheet by action": lambda city, case, who: actions.save_sheet(
        application_id=case.pk, content={}, actor=who, at=AT
    ),
    "close by action": lambda city, case, who: actions.close_panel(
        application_id=case.pk, actor=who, at=AT
    ),
    "declare by page": _post("application_interest", choice="none"),
    "vote by page": _post("application_vote", vote="FOR", reason="可行", **SHEET),
    "sheet by page": _post("application_sheet", vote="FOR"),
    "close by page": _post("application_conclude", conditions=""),
}


@pytest.mark.scenario(40)
class TestFourEyes:
    """Whoever is too near is kept away, by every door, and the attempt is on record."""

    def near(self, city: City, how: str) -> tuple[Application, Any]:
        """Return a sitting case and the chair of its panel, who has come too near since."""
        case = build.secured(city)
        seat(city, case)
        who = city.chair
        if how == "colleague of the applicant":
            add_desk(who, city.applicant, "APPLICANT_SECURITY")
        elif how == "provider":
            add_desk(who, city.second_provider, "PROVIDER_OFFICER")
        elif how == "affiliate of the applicant":
            daughter = organization("APPLICANT", "子公司")
            daughter.parent = city.applicant
            daughter.save()
            add_desk(who, daughter, "APPLICANT_AGENT")
        else:
            case.holder = who
            case.save()
        return case, who

    @pytest.mark.parametrize(
        "how",
        ["colleague of the applicant", "provider", "affiliate of the applicant", "handler"],
    )
    @pytest.mark.parametrize("way", sorted(WAYS))
    def test_is_kept_away_whatever_the_interface(self, city: City, how: str, way: str) -> None:
        case, who = self.near(city, how)
        before = AuditEntry.objects.filter(outcome="REFUSED").count()
        if way == "sheet by page":
            # A button leads back with the reason; nothing is kept.
            WAYS[way](city, case, who)
            assert not SheetDraft.objects.exists()
        else:
            with pytest.raises((Forbidden, NotFound)):
                WAYS[way](city, case, who)
        assert not Ballot.objects.exists()
        assert not ReviewSeat.objects.exclude(declared_at=None).exists()
        assert not ReviewRound.objects.exclude(concluded_at=None).exists()
        assert AuditEntry.objects.filter(outcome="REFUSED").count() == before + 1

    @pytest.mark.parametrize("who", ["agent", "legal_rep", "officer", "stranger", "case"])
    @pytest.mark.parametrize("way", ["declare by action", "vote by action", "vote by page"])
    def test_an_applicant_a_provider_or_an_outsider_never_votes(
        self, city: City, who: str, way: str
    ) -> None:
        case = build.seated(city)
        with pytest.raises((Forbidden, NotFound)):
            WAYS[way](city, case, getattr(city, who))
        assert not Ballot.objects.exists()

    def test_the_assessor_of_the_security_is_not_seated(self, city: City) -> None:
        add_desk(city.members[0], city.platform, "SECURITY_OFFICER")
        city.security = city.members[0]
        case = build.secured(city)
        refuses(case, CannotBeSeated, lambda: seat(city, case))


@pytest.mark.scenario(32)
class TestWhoVotes:
    def test_no_panel_no_vote_for_anybody(self, city: City) -> None:
        case = build.secured(city)
        for who in (*city.panel, city.secretary, city.case, city.decider, city.agent):
            with pytest.raises(DomainError):
                build.vote(case, who)
        assert not Ballot.objects.exists()

    def test_a_vote_is_cast_once_and_its_draft_may_change(self, city: City) -> None:
        # (Ours) a second ballot does not replace the first; the sheet is a draft until then.
        case = build.seated(city)
        build.vote(case, city.members[0])
        refuses(
            case, PanelError, lambda: build.vote(case, city.members[0], ballot="AGAINST")
        )
        assert Ballot.objects.get().vote == "FOR"

    def test_no_votes_after_the_decision_and_the_applicant_sees_none(self, city: City) -> None:
        _city, case = build.approved_application(city)
        refuses(case, NotAllowedNow, lambda: build.vote(case, city.members[0]))
        with pytest.raises(NotFound):
            page_of(case, city.agent)
        page = queries.case_page(application_id=case.pk, actor=city.agent, at=build.DECIDED)
        shown = json.dumps([str(row) for row in page.timeline], ensure_ascii=False)
        assert "cast_ballot" not in shown
        assert "close_panel" not in shown


@pytest.mark.scenario(43)
class TestCloseWithTheVote:
    def test_a_mail_that_cannot_be_sent_never_undoes_the_close(
        self, city: City, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def fails(**_facts: Any) -> None:
            raise OSError("no mail server")

        monkeypatch.setattr(notify, "tell", fails)
        monkeypatch.setattr(notify, "tell_desk", fails)
        case = build.concluded(city)
        assert case.state == "DECISION_PENDING"

    def test_a_member_who_leaves_loses_open_votes_only(self, city: City) -> None:
        closed = build.concluded(city)
        member = city.members[0]
        city.datasets = city.datasets[:1]
        open_ = build.seated(city)
        build.vote(open_, member, ballot="AGAINST")
        term = member.committee_terms.get()

        actions.end_term(term_id=term.pk, reason="调离", actor=city.secretary, at=AT)

        closed.refresh_from_db()
        assert closed.committee_conclusion["present"] == 5
        assert Ballot.objects.filter(seat__member=member).count() == 1
        seat_ = ReviewSeat.objects.get(round__concluded_at=None, member=member)
        assert seat_.left_at == AT
        refuses(open_, NotFound, lambda: build.vote(open_, member))
        later = AT + timedelta(days=1)
        assert queries.panel_page(
            application_id=open_.pk, actor=city.secretary, at=later
        ).eligible == 4
