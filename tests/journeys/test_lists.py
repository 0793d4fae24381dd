"""Lists by keyboard and by worker: the search over the page, a file made while one looks."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import expect

from demo.stories import s3
from tests.journeys.conftest import World
from tests.journeys.visitor import Visitor

# The database of the tests is what the world is copied from.
pytestmark = pytest.mark.django_db

Person = Callable[[str], Visitor]
WORKER_MS_MAX = 40_000


def test_a_case_is_found_by_keys_alone_and_a_file_is_made_while_one_looks(
    world: World, person: Person, tmp_path: Path
) -> None:
    world.move_to(s3.PLAN.voted)
    officer = person("sjj-shouli")
    officer.go("/desk/applications/?tab=all")
    _found_by_keys(officer)
    officer.go("/desk/applications/?tab=all")
    officer.follow("导出")
    officer.press("生成文件")
    download = officer.page.get_by_role("link", name="下载")
    # Nobody reloads: the table asks by itself, and stops when the file is there.
    expect(download.first).to_be_visible(timeout=WORKER_MS_MAX)
    expect(officer.page.locator("#export-rows[hx-trigger]")).to_have_count(0)
    href = download.first.get_attribute("href") or ""
    target = tmp_path / "list.xlsx"
    target.write_bytes(officer.context.request.get(world.web + href).body())
    assert openpyxl.load_workbook(target).worksheets[0].title == "受理台"
    for path in ("/exports/", "/views/", "/search/?q=D01"):
        officer.go(path)


def _found_by_keys(officer: Visitor) -> None:
    page = officer.page
    page.keyboard.press("Control+k")
    expect(page.locator("#palette[open]")).to_be_visible()
    page.keyboard.type(s3.SCENARIO[:4])
    expect(page.locator("#palette-hits [data-hit]").filter(has_text=s3.SCENARIO)).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/applications/*/")
    expect(page.locator("h1")).to_contain_text(s3.SCENARIO)
