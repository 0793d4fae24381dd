"""What changed between two submissions, as a reviewer reads it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from applications import diff
from tests.builders.applications import SCENARIO


def content(**changes: Any) -> dict[str, Any]:
    """Return a content of the form with some entries changed."""
    items = [
        {"code": "D01", "title": "企业登记", "fields": ["name", "state"], "filters": {},
         "justification": "核验登记状态。"},
    ]
    return {
        **SCENARIO,
        "items": items,
        "onward_supply": False,
        "cross_border": False,
        "commitments": {"codes": ["TRUE_MATERIAL"], "signer": "钱示例"},
        **changes,
    }


def marked(old: str, new: str) -> str:
    """Return the pieces with what went in brackets and what came in braces."""
    wrap = {"same": "{}", "removed": "[{}]", "added": "<{}>"}
    return "".join(wrap[p.kind].format(p.text) for p in diff.words(old=old, new=new))


class TestWords:
    def test_marks_the_characters_of_chinese_that_changed(self) -> None:
        shown = marked("用于贷款授信环节核验", "用于贷款贷后环节核验")
        assert shown == "用于贷款[授信]<贷后>环节核验"

    def test_keeps_numbers_and_latin_words_whole(self) -> None:
        assert marked("每月 400000 次", "每月 450000 次") == "每月 [400000]<450000> 次"
        assert marked("使用 API-v1 接口", "使用 API-v2 接口") == "使用 [API-v1]<API-v2> 接口"

    def test_does_not_flicker_over_a_single_shared_character(self) -> None:
        assert marked("甲乙丙", "丁乙戊") == "[甲乙丙]<丁乙戊>"

    def test_says_what_was_added_and_removed_at_the_ends(self) -> None:
        assert marked("按制度执行", "按制度执行，专人负责") == "按制度执行<，专人负责>"
        assert marked("按制度执行，专人负责", "按制度执行") == "按制度执行[，专人负责]"
        assert marked("", "新写") == "<新写>"
        assert marked("旧写", "") == "[旧写]"
        assert diff.words(old="", new="") == ()

    def test_a_sentence_that_stayed_is_not_touched_by_its_neighbour(self) -> None:
        old = "第一句不变。第二句将改。第三句不变。"
        new = "第一句不变。这里是全新内容。第三句不变。"
        first, last = diff.words(old=old, new=new)[0], diff.words(old=old, new=new)[-1]
        assert first == diff.Piece("same", "第一句不变。")
        assert last.text.endswith("第三句不变。")

    def test_a_long_text_is_compared_by_sentences(self) -> None:
        old, new = "甲" * 1_500, "乙" * 1_500
        assert diff.words(old=old, new=new) == (
            diff.Piece("removed", old),
            diff.Piece("added", new),
        )

    @given(st.text("甲乙丙，。 ab1\n", max_size=60), st.text("甲乙丙，。 ab1\n", max_size=60))
    def test_gives_back_both_texts_whatever_they_are(self, old: str, new: str) -> None:
        pieces = diff.words(old=old, new=new)
        assert "".join(p.text for p in pieces if p.kind != "added") == old
        assert "".join(p.text for p in pieces if p.kind != "removed") == new
        assert all(p.text for p in pieces)


class TestCompare:
    def changed(self, new: dict[str, Any], old: dict[str, Any] | None = None) -> dict[str, Any]:
        found = diff.compare(old=old or content(), new=new)
        return {c.key: c for c in found if c.status != "same"}

    def test_nothing_to_compare_with_means_nothing_changed(self) -> None:
        assert {c.status for c in diff.compare(old=None, new=content())} == {"same"}

    def test_names_each_entry_that_changed_with_old_and_new(self) -> None:
        changed = self.changed(content(region="江苏省苏州市", term_months=6))
        assert set(changed) == {"region", "term_months"}
        assert (changed["term_months"].old, changed["term_months"].new) == ("12", "6")
        assert changed["region"].section == "usage"

    def test_shows_lists_by_row(self) -> None:
        item = {**content()["items"][0], "fields": ["name", "capital"]}
        [change] = self.changed(content(items=[item])).values()
        assert change.key == "items.D01.fields"
        assert change.rows == (("same", "name"), ("removed", "state"), ("added", "capital"))

    def test_a_dataset_that_was_dropped_is_shown_as_removed(self) -> None:
        changed = self.changed(content(items=[]))
        assert {c.status for c in changed.values()} == {"removed"}
        assert set(changed) == {"items.D01.fields", "items.D01.justification"}
        assert {c.section for c in changed.values()} == {"datasets"}

    def test_shows_each_topic_of_the_security_plan_by_itself(self) -> None:
        plan = {**SCENARIO["security_plan"], "logging": "日志保存一年。"}
        assert set(self.changed(content(security_plan=plan))) == {"security_plan.logging"}

    def test_compares_files_by_their_bytes_not_by_their_names(self) -> None:
        old = content(files={"plan": [{"name": "旧.pdf", "sha256": "a" * 64, "bytes": 1}]})
        renamed = content(files={"plan": [{"name": "新.pdf", "sha256": "a" * 64, "bytes": 1}]})
        replaced = content(files={"plan": [{"name": "旧.pdf", "sha256": "b" * 64, "bytes": 1}]})
        assert self.changed(renamed, old)["files.plan"].rows == (("same", "新.pdf (aaaaaaaaaaaa)"),)
        assert self.changed(replaced, old)["files.plan"].rows == (
            ("removed", "旧.pdf (aaaaaaaaaaaa)"),
            ("added", "旧.pdf (bbbbbbbbbbbb)"),
        )

    def test_shows_answers_of_the_form_definition_and_rows_of_its_tables(self) -> None:
        old = content(answers={"team": [{"name": "张", "duty": "开发"}], "note": "甲"})
        new = content(
            answers={"team": [{"name": "张", "duty": "开发"}, {"name": "李", "duty": "运维"}]}
        )
        changed = self.changed(new, old)
        assert changed["answers.team"].rows[-1] == ("added", "duty: 运维 | name: 李")
        assert changed["answers.note"].status == "removed"


class TestHashes:
    @pytest.mark.parametrize("section", ["datasets", "scenario", "usage", "security"])
    def test_a_section_keeps_its_hash_while_others_change(self, section: str) -> None:
        other = content(commitments={"codes": [], "signer": ""})
        assert diff.section_hash(content=content(), section=section) == diff.section_hash(
            content=other, section=section
        )

    def test_an_anchor_follows_its_entry_alone(self) -> None:
        def anchor(given: dict[str, Any], key: str) -> str:
            return diff.anchor_hash(content=given, section="usage", key=key)

        moved = content(region="江苏省苏州市")
        assert anchor(content(), "term_months") == anchor(moved, "term_months")
        assert anchor(content(), "region") != anchor(moved, "region")
        assert anchor(content(), "") != anchor(moved, "")
