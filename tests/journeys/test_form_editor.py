"""The form made by hand: an officer drafts, another person publishes, an applicant is asked."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from demo.stories import s3
from tests.journeys.conftest import World
from tests.journeys.visitor import Visitor

# The database of the tests is what the world is copied from.
pytestmark = pytest.mark.django_db

Person = Callable[[str], Visitor]
# No other journey asks for this dataset, so none is asked what is published here.
DATASET = "D04"


def test_a_version_is_drafted_previewed_published_by_another_and_asked_in_new_drafts_only(
    world: World, person: Person
) -> None:
    world.move_to(s3.PLAN.voted)
    agent, officer, decider = (
        person(name) for name in ("yhgyl-jingban", "sjj-shouli", "sjj-jueding")
    )
    older = _begin(agent, "开始于发布之前")
    version = _draft(officer)
    _preview(officer, version)
    _publish(officer, decider, version)
    newer = _begin(agent, "开始于发布之后")

    agent.go(f"{newer}tasks/")
    agent.sees("对接系统")
    agent.go(f"{newer}fill/systems/")
    agent.sees("是否对接自有系统", "系统清单")
    assert agent.has("[name='x_system_list-0-name']")
    agent.go(f"{older}tasks/")
    assert "对接系统" not in agent.text()
    agent.go(f"{older}fill/systems/", status=404)


def _begin(agent: Visitor, name: str) -> str:
    """Begin a draft that asks for the dataset; return the way to it."""
    agent.go("/applications/new/")
    agent.fill({"scenario_name": name})
    agent.press("开始填写")
    draft = agent.path.removesuffix("tasks/")
    agent.go(f"{draft}fill/datasets/")
    agent.fill({"add": DATASET})
    agent.press("添加并保存")
    return draft


def _draft(officer: Visitor) -> str:
    """Draft the part of the dataset: a choice, a field that depends on it, a table."""
    officer.go("/home/")
    officer.follow("申请表管理", within="nav")
    officer.page.locator("main #other").select_option(DATASET)
    officer.press("起草专用部分")
    version = officer.path
    officer.follow("添加部分")
    officer.fill({"title_zh": "对接系统", "title_en": "Connected systems", "key": "systems"})
    officer.press("保存")
    _add(officer, "OPTION", {
        "label_zh": "是否对接自有系统", "label_en": "Own system", "key": "own_system",
        "options-0-value": "YES", "options-0-zh": "是", "options-0-en": "Yes",
        "options-1-value": "NO", "options-1-zh": "否", "options-1-en": "No",
    })  # fmt: skip
    _add(officer, "TABLE", {
        "label_zh": "系统清单", "label_en": "Systems", "key": "system_list",
        "columns-0-key": "name", "columns-0-type": "TEXT", "columns-0-zh": "系统名称",
        "columns-0-en": "Name", "columns-0-required": "1",
        "columns-1-key": "kind", "columns-1-type": "OPTION", "columns-1-zh": "类别",
        "columns-1-en": "Kind", "columns-1-options": "APP|应用|App; DB|数据库|Database",
    }, when="own_system:YES")  # fmt: skip
    _add(officer, "TEXT", {"label_zh": "联系人", "label_en": "Contact", "key": "contact"})
    officer.sees("可以发布", "是否对接自有系统 = 是")
    officer.page.locator("button[value='up:0:2']").focus()
    with officer.page.expect_navigation():
        officer.page.keyboard.press("Enter")
    rows = officer.page.locator(".dd-formfields strong").all_inner_texts()
    assert rows == ["是否对接自有系统", "联系人", "系统清单"]
    return version


def _add(officer: Visitor, kind: str, values: dict[str, str], when: str = "") -> None:
    officer.page.locator("main #type-0").select_option(kind)
    officer.press("添加栏目")
    officer.fill(values)
    if when:
        officer.tick("condition", when)
    officer.press("保存")


def _preview(officer: Visitor, version: str) -> None:
    """See the applicant's page, and what a submission would say; at a phone's width too."""
    officer.go(f"{version}preview/")
    officer.sees("预览", "系统清单", "联系人")
    officer.page.locator("main [name='x_system_list-0-kind']").select_option("APP")
    officer.tick("x_own_system", "YES")
    officer.press("检查填写内容")
    officer.sees("如此提交会因下列问题被退回")
    officer.fill({"x_system_list-0-name": "授信系统"})
    officer.press("检查填写内容")
    officer.sees("本部分可以如此提交")
    officer.go(f"{version}preview/?with=general")
    officer.sees("应用场景名称")
    officer.follow("对接系统")
    officer.sees("系统清单")
    officer.go(f"{version}changes/")
    officer.sees("新增", "系统清单")


def _publish(officer: Visitor, decider: Visitor, version: str) -> None:
    """Who drafted is kept from publishing and reads why; another person does it."""
    officer.go(f"{version}publish/")
    assert not officer.has("main [name='effective_on']")
    assert officer.has("main .dd-barred")
    assert officer.post(f"{version}publish/", {"effective_on": "2026-03-19"}) == 403
    decider.go(version)
    assert not decider.has("#arrange")
    decider.go(f"{version}publish/")
    decider.sees("1 份未提交的草稿适用其开始时的版本")
    decider.press("发布本版本")
    decider.sees("版本已发布")
    decider.go("/desk/forms/")
    decider.sees("施行中")
