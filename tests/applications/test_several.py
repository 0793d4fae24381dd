"""Acts on several cases: each by the action of its own page, and what became of each is said."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote
from uuid import uuid4

import pytest
from django.urls import reverse

from applications import actions
from applications.actions.bulk import BULK, SEVERAL_MAX, Chosen
from applications.models import Application
from core import clock
from core.errors import InvalidInput, NotFound
from tests.applications.desk_support import colleague, take
from tests.applications.test_pages import Reader
from tests.builders import applications as build
from tests.builders.applications import City
from workflow import policy
from workflow.models import AuditEntry

pytestmark = pytest.mark.django_db

AT = build.SUBMITTED
SEVERAL = "/desk/several/"


def do(name: str, cases: list[Application], actor: Any, **said: Any) -> dict[Any, str]:
    """Act on cases as they stood in memory; return what became of each."""
    chosen = [Chosen(c.pk, str(c.holder_id or "")) for c in cases]
    results = actions.act_on_several(name=name, chosen=chosen, said=said, actor=actor, at=AT)
    return {result.id: result.problem for result in results}


@pytest.fixture
def cases(city: City) -> list[Application]:
    """Return three submitted cases."""
    return [build.submitted(city, scenario_name=f"场景{n}") for n in range(3)]


def test_every_case_is_taken_by_an_act_of_its_own(city: City, cases: list[Application]) -> None:
    assert set(do("take_over", cases, city.case).values()) == {""}
    for case in cases:
        case.refresh_from_db()
        assert case.holder == city.case
        assert AuditEntry.objects.filter(
            subject_id=str(case.pk), action="take_over", outcome="DONE"
        ).count() == 1  # fmt: skip


def test_what_one_case_refuses_is_named_and_holds_up_no_other(
    city: City, cases: list[Application]
) -> None:
    other = colleague(city)
    # Between look and click a colleague took the middle one.
    take(Application.objects.get(pk=cases[1].pk), other)
    told = do("take_over", cases, city.case)
    assert [bool(told[case.pk]) for case in cases] == [False, True, False]
    for case, holder in zip(cases, (city.case, other, city.case), strict=True):
        case.refresh_from_db()
        assert case.holder == holder


def test_the_rights_of_the_single_act_hold_for_each(city: City, cases: list[Application]) -> None:
    for person in (city.agent, city.stranger, city.decider, city.officer):
        assert all(do("take_over", cases, person).values())
    assert not Application.objects.exclude(holder=None).exists()
    for act in BULK.values():
        assert policy.rule_of(act.permission)


def test_several_are_assigned_and_handed_back(city: City, cases: list[Application]) -> None:
    other = colleague(city)
    assert not any(do("assign_case", cases, city.case, person=str(other.pk)).values())
    assert set(Application.objects.values_list("holder", flat=True)) == {other.pk}
    assert all(do("hand_back", cases, city.case).values())
    assert not any(do("hand_back", cases, other).values())


def test_no_act_no_case_too_many_and_a_missing_colleague_are_refused(
    city: City, cases: list[Application]
) -> None:
    with pytest.raises(NotFound):
        do("approve", cases, city.case)
    with pytest.raises(InvalidInput):
        do("take_over", [], city.case)
    with pytest.raises(InvalidInput):
        do("assign_case", cases, city.case)
    many = [Chosen(uuid4()) for _ in range(SEVERAL_MAX + 1)]
    with pytest.raises(InvalidInput):
        actions.act_on_several(name="take_over", chosen=many, said={}, actor=city.case, at=AT)
    assert not Application.objects.exclude(holder=None).exists()


class TestByHand:
    def test_chosen_looked_at_confirmed_and_undone(
        self, city: City, cases: list[Application]
    ) -> None:
        reader = Reader(city.case)
        desk = reader.get(reverse("portal:application_desk"))
        assert desk.count('form="several"') == 3
        rows = [str(case.pk) for case in cases[:2]]
        with clock.fixed(AT):
            look = reader.client.post(SEVERAL, {"row": rows, "query": "tab=new"})
        assert look.status_code == 200
        page = look.content.decode()
        assert all(case.number in page for case in cases[:2])
        assert cases[2].number not in page
        assert not Application.objects.exclude(holder=None).exists()
        with clock.fixed(AT):
            done = reader.client.post(SEVERAL, {"row": rows, "act": "take_over"}).content.decode()
        assert "已办理2件" in done
        assert Application.objects.filter(holder=city.case).count() == 2
        with clock.fixed(AT):
            reader.client.post(SEVERAL, {"row": rows, "act": "hand_back"})
        assert not Application.objects.exclude(holder=None).exists()

    def test_everything_that_fits_is_what_the_tab_counts(
        self, city: City, cases: list[Application]
    ) -> None:
        client = Reader(city.case).client
        with clock.fixed(AT):
            look = client.post(SEVERAL, {"everything": "1", "query": "q=场景1&tab=unassigned"})
        page = look.content.decode()
        assert [case.number in page for case in cases] == [False, True, False]
        with clock.fixed(AT):
            odd = client.post(SEVERAL, {"everything": "1", "query": "tab=made-up"})
        assert odd.status_code == 422

    def test_more_than_can_be_done_at_once_is_said_and_nothing_cut_off(
        self, city: City, cases: list[Application], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("portal.lists.bulk.SEVERAL_MAX", 2)
        with clock.fixed(AT):
            sent = {"everything": "1", "query": "tab=new", "act": "take_over"}
            answer = Reader(city.case).client.post(SEVERAL, sent)
        assert answer.status_code == 422
        assert "一次最多处理" in answer.content.decode()
        assert not Application.objects.exclude(holder=None).exists()

    def test_a_case_taken_meanwhile_is_named_on_the_page(
        self, city: City, cases: list[Application]
    ) -> None:
        take(cases[0], colleague(city))
        rows = [f"{case.pk}:" for case in cases]
        sent = {"row": rows, "act": "take_over", "reason": "x"}
        with clock.fixed(AT):
            page = Reader(city.case).client.post(SEVERAL, sent).content.decode()
        assert "已办理2件" in page
        assert "1件未办理" in page

    def test_cases_of_nobody_and_wrong_ids_are_left_out(
        self, city: City, cases: list[Application]
    ) -> None:
        client = Reader(city.case).client
        draft = build.drafted(city)
        sent = {"row": [str(uuid4()), "made up", str(draft.pk), str(cases[0].pk)]}
        with clock.fixed(AT):
            page = client.post(SEVERAL, sent).content.decode()
            assert "3件" in page
            assert draft.scenario_name not in page
            assert client.post(SEVERAL, {}).status_code == 422

    def test_only_the_desk_has_the_page(self, city: City, cases: list[Application]) -> None:
        for person in (city.agent, city.stranger, city.decider):
            answer = Reader(person).client.post(SEVERAL, {"row": [str(cases[0].pk)]})
            assert answer.status_code == 403


def test_the_way_back_from_a_case_leads_to_its_row_in_the_list_as_it_was(
    city: City, cases: list[Application]
) -> None:
    reader = Reader(city.case)
    listed = reader.get(reverse("portal:application_desk") + f"?tab=all&q={quote('场景1')}")
    assert f'id="row-{cases[1].pk}"' in listed
    page = reader.get(reverse("portal:application", args=[cases[1].pk]))
    assert f"tab=all&amp;q={quote('场景1')}#row-{cases[1].pk}" in page


class TestTheFileOfResults:
    def test_says_of_each_case_what_became_of_it(
        self, city: City, cases: list[Application]
    ) -> None:
        take(Application.objects.get(pk=cases[1].pk), colleague(city))
        desk = Reader(city.case)
        page = desk.post(
            SEVERAL,
            {"row": [f"{case.pk}:" for case in cases], "act": "take_over"},
            status=200,
        )
        file = desk.post("/desk/several/results/", {"told": page.context["told"]}, status=200)
        assert file.content.startswith(b"\xef\xbb\xbf")
        lines = file.content.decode("utf-8-sig").splitlines()
        assert lines[0] == "编号,应用场景,结果"
        by_number = {line.split(",")[0]: line for line in lines[1:]}
        done = ["已办理" in by_number[str(case.number)] for case in cases]
        assert done == [True, False, True]
        assert "attachment" in file["Content-Disposition"]

    def test_is_given_to_whom_it_was_told_and_never_made_up(
        self, city: City, cases: list[Application]
    ) -> None:
        page = Reader(city.case).post(
            SEVERAL, {"row": [f"{cases[0].pk}:"], "act": "take_over"}, status=200
        )
        told = page.context["told"]
        other = Reader(colleague(city))
        for sent in (told, told[:-2] + "xx", "", "x"):
            other.post("/desk/several/results/", {"told": sent}, status=422)
