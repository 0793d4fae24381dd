"""Files of the form by a browser: chosen, dragged, refused, canceled, tried again, replaced."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Route, expect

from demo.stories import s1
from tests.journeys.conftest import World
from tests.journeys.visitor import Visitor
from tests.journeys.world import WITH_FILES

# The database of the tests is what the world is copied from.
pytestmark = pytest.mark.django_db

Person = Callable[[str], Visitor]
DRAG = """(box, name) => {
  const carried = new DataTransfer();
  carried.items.add(new File(["%PDF-1.7 dragged"], name, {type: "application/pdf"}));
  const event = {bubbles: true, cancelable: true, dataTransfer: carried};
  for (const kind of ["dragover", "drop"]) box.dispatchEvent(new DragEvent(kind, event));
}"""


def test_files_come_and_go_while_the_text_of_the_draft_is_kept(
    world: World, person: Person, tmp_path: Path
) -> None:
    world.move_to(s1.PLAN.drafted)
    agent = person("xczx-jingban")
    draft = _begin(agent)
    box = agent.page.locator("[data-upload]").first
    files, queue = box.locator(".dd-files li"), box.locator("[data-upload-queue] li")
    agent.page.fill("[name=x_note]", "写到一半")

    box.locator("input[type=file]").first.set_input_files(
        [_file(tmp_path, "制度.pdf", b"%PDF-1.7 one"), _file(tmp_path, "脚本.pdf", b"<script>")]
    )
    expect(files).to_have_count(1)
    expect(queue).to_contain_text("请选择下列格式的文件")
    queue.get_by_role("button", name="关闭提示").click()
    expect(queue).to_have_count(0)
    # What was being typed is still there and is stored by itself with the new revision.
    expect(agent.page.locator("[name=x_note]")).to_have_value("写到一半")
    expect(agent.page.locator("[data-autosave-status]")).to_contain_text("已保存")
    agent.noise.clear()

    _cancel_and_try_again(agent, box, _file(tmp_path, "图.png", b"\x89PNG\r\n\x1a\n" + b"0" * 99))
    expect(files).to_have_count(2)
    expect(box).to_contain_text("本栏目文件数已满")
    agent.noise.clear()

    files.first.locator("summary").click()
    files.first.locator("input[type=file]").set_input_files(
        _file(tmp_path, "新版.pdf", b"%PDF-1.7 two")
    )
    expect(files.filter(has_text="新版.pdf")).to_have_count(1)
    expect(files.filter(has_text="制度.pdf")).to_have_count(0)
    files.filter(has_text="图.png").get_by_role("button", name="移除").click()
    expect(files).to_have_count(1)
    box.evaluate(DRAG, "拖入.pdf")
    expect(files.filter(has_text="拖入.pdf")).to_have_count(1)

    agent.press("保存并继续")
    agent.go(f"{draft}check/")
    agent.sees("新版.pdf", "拖入.pdf", "写到一半")
    _delete(agent, draft)


def _begin(agent: Visitor) -> str:
    """Begin a draft for a dataset whose part asks for files; stop at that section."""
    agent.go("/applications/new/")
    agent.fill({"scenario_name": "附件旅程"})
    agent.press("开始填写")
    draft = agent.path.removesuffix("tasks/")
    agent.go(f"{draft}fill/datasets/")
    agent.fill({"add": WITH_FILES})
    agent.press("添加并保存")
    agent.go(f"{draft}fill/papers/")
    agent.sees("格式：PDF, PNG；最多2个文件，单个不超过1 MB。")
    return draft


def _cancel_and_try_again(agent: Visitor, box: Locator, file: str) -> None:
    """Cancel a file that waits, let one fail without a connection, and try that one again."""
    queue = box.locator("[data-upload-queue] li")
    chooser = box.locator("input[type=file]:not([data-upload-swap])")
    # The server does not answer: the file is on its way for as long as nobody cancels it.
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    agent.page.route("**/files/plan/", hold)
    chooser.set_input_files(file)
    expect(queue.locator("progress")).to_be_visible()
    queue.get_by_role("button", name="取消").click()
    expect(queue).to_have_count(0)
    for route in held:
        # What was canceled here must not be let through to the server when it is let go.
        route.abort()
    agent.page.unroute("**/files/plan/")
    agent.page.route("**/files/plan/", lambda route: route.abort())
    chooser.set_input_files(file)
    expect(queue).to_contain_text("连接中断")
    agent.page.unroute("**/files/plan/")
    queue.get_by_role("button", name="重试").click()
    expect(queue).to_have_count(0)


def _delete(agent: Visitor, draft: str) -> None:
    """Delete the draft; nothing is left under its address."""
    agent.go(f"{draft}tasks/")
    agent.follow("删除草稿")
    agent.press("删除草稿")
    agent.sees("草稿已删除")
    agent.go(draft, status=404)


def _file(folder: Path, name: str, content: bytes) -> str:
    (folder / name).write_bytes(content)
    return str(folder / name)
