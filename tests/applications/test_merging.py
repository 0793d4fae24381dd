"""Two people write into one draft: what fits is taken together, the rest is chosen by somebody."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from applications import actions, merging
from applications.errors import DraftChanged
from applications.models import Application
from parties.roles import Role
from tests.applications.support import refuses
from tests.applications.test_pages import Reader, url
from tests.builders import applications as build
from tests.builders.applications import City
from tests.builders.parties import person
from workflow.models import AuditEntry

VALUES = st.dictionaries(st.sampled_from("abcd"), st.sampled_from(["", "1", "2", "3"]))


class TestTheRule:
    @given(VALUES, VALUES, VALUES)
    def test_nobody_loses_an_entry_the_other_did_not_touch(
        self, began: dict[str, str], mine: dict[str, str], theirs: dict[str, str]
    ) -> None:
        mine = {name: mine.get(name, "") for name in "abcd"}
        found = merging.merge(
            base={name: merging.mark(began.get(name, "")) for name in "abcd"},
            mine=mine,
            theirs=theirs,
        )
        stored = {**theirs, **found.changes}
        clashing = {clash.name for clash in found.clashes}
        for name in "abcd":
            before, me, they = began.get(name, ""), mine[name], theirs.get(name, "")
            assert (name in clashing) == (me != they and before not in (me, they))
            if name not in clashing:
                assert stored.get(name, "") == (me if me != before else they)

    @given(VALUES, VALUES)
    def test_what_was_not_marked_counts_as_changed_by_both(
        self, mine: dict[str, str], theirs: dict[str, str]
    ) -> None:
        found = merging.merge(base={}, mine=mine, theirs=theirs)
        assert not found.changes
        differing = {n for n, v in mine.items() if v != theirs.get(n, "")}
        assert {clash.name for clash in found.clashes} == differing

    def test_line_ends_and_ways_of_being_empty_are_no_change(self) -> None:
        assert merging.mark("甲\r\n乙 ") == merging.mark("甲\n乙")
        empty = {merging.mark(value) for value in ("", None, False, [], (), "  ")}
        assert len(empty) == 1
        assert merging.mark(0) != merging.mark(None)


def seen(draft: Application) -> dict[str, Any]:
    """Return what a page of the draft carries: its revision and its marks."""
    content = {
        "region": draft.region,
        "purpose_text": draft.purpose_text,
        "security_plan": draft.security_plan,
    }
    return {"revision": draft.revision, "base": merging.marks(merging.flat(content))}


def edit(city: City, draft: Application, known: dict[str, Any], **changes: Any) -> Application:
    return actions.edit_application(
        application_id=draft.pk, changes=changes, actor=city.agent, at=build.SUBMITTED, **known
    )


class TestTheAction:
    def test_entries_of_two_people_stand_side_by_side(self, city: City) -> None:
        draft = build.drafted(city)
        known = seen(draft)
        edit(city, draft, known, region="江苏省")
        edit(city, draft, known, purpose_text="第二个人写的用途说明，写够二十个字才算数的一段。")
        draft.refresh_from_db()
        assert draft.region == "江苏省"
        assert draft.purpose_text.startswith("第二个人")
        assert draft.revision == known["revision"] + 2

    def test_topics_of_the_security_plan_are_entries_of_their_own(self, city: City) -> None:
        draft = build.drafted(city)
        known, plan = seen(draft), dict(draft.security_plan)
        topics = sorted(plan)[:2]
        edit(city, draft, known, security_plan={**plan, topics[0]: "甲写的"})
        edit(city, draft, known, security_plan={**plan, topics[1]: "乙写的"})
        draft.refresh_from_db()
        assert draft.security_plan == {**plan, topics[0]: "甲写的", topics[1]: "乙写的"}

    def test_one_entry_written_twice_is_refused_with_both_texts_and_stores_nothing(
        self, city: City
    ) -> None:
        draft = build.drafted(city)
        known = seen(draft)
        edit(city, draft, known, region="江苏省")
        error = refuses(
            draft,
            DraftChanged,
            lambda: edit(city, draft, known, region="上海市", purpose_text="另一段"),
        )
        assert error.clashes == (merging.Clash("region", "上海市", "江苏省"),)  # type: ignore[attr-defined]
        draft.refresh_from_db()
        assert (draft.region, draft.revision) == ("江苏省", known["revision"] + 1)
        assert draft.purpose_text != "另一段"
        assert "上海市" not in json.dumps(
            list(AuditEntry.objects.values_list("facts", flat=True)), ensure_ascii=False
        )

    def test_datasets_are_merged_one_by_one(self, city: City) -> None:
        draft = build.drafted(city)
        rows = [
            {
                "code": item.dataset.code,
                "fields": item.fields,
                "filters": {},
                "justification": item.justification,
            }
            for item in draft.items.select_related("dataset")
        ]
        known = {
            "revision": draft.revision,
            "base": {row["code"]: merging.mark(merging.written(row)) for row in rows},
        }

        def choose(*wanted: dict[str, Any]) -> None:
            actions.set_items(
                application_id=draft.pk, items=wanted, actor=city.agent, at=build.SUBMITTED, **known
            )

        first, second = sorted(rows, key=lambda row: row["code"])
        choose({**first, "justification": "甲改写的理由，写得够长。"}, second)
        choose(first)
        left = {i.dataset.code: i.justification for i in draft.items.all()}
        assert left == {"D01": "甲改写的理由，写得够长。"}
        with pytest.raises(DraftChanged) as refused:
            choose({**first, "justification": "乙改写的理由，也写得够长。"}, second)
        assert [clash.name for clash in refused.value.clashes] == ["D01"]


class TestThePage:
    def test_the_script_gets_both_texts_and_the_choice_is_stored(self, city: City) -> None:
        draft, agent = build.drafted(city), Reader(city.agent)
        colleague = Reader(person(city.applicant, Role.APPLICANT_AGENT, full_name="吴同事"))
        address = url("application_fill", draft.pk, "usage")
        mine, theirs = fields(agent.get(address)), fields(colleague.get(address))
        saved = save(colleague, address, {**theirs, "region": "江苏省", "term_months": "6"})
        assert saved.status_code == 200

        refused = save(agent, address, {**mine, "region": "上海市"})
        shown = refused.content.decode()
        assert refused.status_code == 409
        assert all(text in shown for text in ("吴同事", "江苏省", "上海市", "<dialog"))
        assert "<html" not in shown
        draft.refresh_from_db()
        assert (draft.region, draft.term_months) == ("江苏省", 6)

        chosen = fields(shown)
        assert chosen["region"] == "上海市"
        agent.post(address, {**chosen, "take-region": "mine"})
        draft.refresh_from_db()
        assert (draft.region, draft.term_months) == ("上海市", 6)

    def test_without_script_a_page_asks_and_theirs_can_be_taken(self, city: City) -> None:
        draft, agent = build.drafted(city), Reader(city.agent)
        address = url("application_fill", draft.pk, "usage")
        mine = fields(agent.get(address))
        agent.post(address, {**mine, "region": "江苏省"})
        page = agent.post(address, {**mine, "region": "上海市", "monthly_quota": "77"}, status=409)
        chosen = fields(page.content.decode())
        agent.post(address, {**chosen, "take-region": "mine", "choose": "theirs"})
        draft.refresh_from_db()
        assert (draft.region, draft.monthly_quota) == ("江苏省", 77)

    def test_what_came_in_meanwhile_is_told_to_the_script(self, city: City) -> None:
        draft, agent = build.drafted(city), Reader(city.agent)
        address = url("application_fill", draft.pk, "usage")
        mine = fields(agent.get(address))
        agent.post(address, {**mine, "region": "江苏省"})
        answer = save(agent, address, {**mine, "monthly_quota": "x"}).json()
        assert [(e["name"], e["value"]) for e in answer["came_in"]] == [("region", "江苏省")]
        assert answer["unsaved"] == ["每月调用量"]

    def test_nothing_is_saved_for_somebody_who_is_signed_out(self, city: City) -> None:
        draft, agent = build.drafted(city), Reader(city.agent)
        address = url("application_fill", draft.pk, "usage")
        mine = fields(agent.get(address))
        agent.client.logout()
        assert save(agent, address, {**mine, "region": "上海市"}).status_code == 401
        before = draft.region
        draft.refresh_from_db()
        assert draft.region == before

    @pytest.mark.parametrize("marks", ["[]", "{", '{"region": 1}', "x" * 30_000])
    def test_marks_that_make_no_sense_are_no_leave_to_overwrite(
        self, city: City, marks: str
    ) -> None:
        draft, agent = build.drafted(city), Reader(city.agent)
        address = url("application_fill", draft.pk, "usage")
        mine = fields(agent.get(address))
        agent.post(address, {**mine, "region": "江苏省"})
        agent.post(address, {**mine, "region": "上海市", "base": marks}, status=409)
        draft.refresh_from_db()
        assert draft.region == "江苏省"


def fields(page: str) -> dict[str, str]:
    """Return the named inputs of the draft's form as a browser would send them."""
    found: dict[str, str] = {}
    for tag in re.findall(r"<input[^>]*>", page):
        named = re.search(r'name="([^"]+)"', tag)
        if named is None or "csrf" in named[1] or named[1] in ("q", "password", "language"):
            continue
        value = re.search(r'value="([^"]*)"', tag)
        if re.search(r'type="(radio|checkbox)"', tag) and " checked" not in tag:
            continue
        found[named[1]] = value[1].replace("&quot;", '"') if value else ""
    return found


def save(reader: Reader, address: str, values: dict[str, str]) -> Any:
    """Save as the page does by itself."""
    return reader.client.post(address, values, headers={"X-Requested-With": "autosave"})
