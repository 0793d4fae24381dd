"""
An agreement of eighty pages is signed by a browser: on a phone, in few taps, by both sides.

The screens of the way are kept as pictures in the folder of the test.
"""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from demo.cast import PASSWORD
from tests.journeys.conftest import World
from tests.journeys.serving import process
from tests.journeys.signing_scene import SCENARIO
from tests.journeys.telephones import code_of
from tests.journeys.visitor import PHONE, Visitor

# The database of the tests is what the world is copied from.
pytestmark = pytest.mark.django_db

Person = Callable[[str], Visitor]
SIGNED = "2026-03-27 10:00"
LANDSCAPE = {"width": 740, "height": 375}
TAPS_MAX = 6
PAGES_MIN = 80
# What the bar may take of a phone that lies on its side.
BAR_PIXELS_MAX = 64
# How far to the right a page reaches beyond its window.
BEYOND = "document.documentElement.scrollWidth - window.innerWidth"


@pytest.fixture(scope="module")
def number(world: World) -> str:
    """Return the number of the long agreement that is up for signature."""
    words = ["-m", "tests.journeys.signing_scene", str(world.clock_file.parent)]
    with process(words, world.surroundings) as teller:
        assert teller.stdout is not None
        said = teller.stdout.readline().decode().split()
    assert said[:1] == ["ready"], "the long agreement was not made; the error is above"
    return said[1]


class Thumb:
    """Taps, and counts them."""

    def __init__(self) -> None:
        self.taps = 0

    def tap(self, target: Locator) -> None:
        self.taps += 1
        target.click()


def look(visitor: Visitor, folder: Path, name: str) -> None:
    """Keep a picture of what is on the screen."""
    visitor.page.screenshot(path=folder / f"{name}.png")


def pages_of(path: Path) -> int:
    """Return how many pages a PDF has."""
    told = subprocess.run(["pdfinfo", str(path)], capture_output=True, text=True, check=True)
    return int(next(line for line in told.stdout.splitlines() if "Pages:" in line).split()[1])


def test_eighty_pages_are_signed_on_a_phone_in_six_taps_upright_and_on_its_side(
    world: World, person: Person, number: str, tmp_path: Path
) -> None:
    world.move_to(SIGNED)
    _sign_upright(world, person("thhj-faren"), number, tmp_path)
    person("d01-zhuangang").finds("/inbox/", "协议另一方已签署")
    leader = person("d01-lingdao")
    _read_on_its_side(leader, number, tmp_path)
    _sign_on_its_side(world, leader, tmp_path)
    person("thhj-jingban").finds("/inbox/", "协议已生效")

    signed = leader.download("签署文本 V1", tmp_path / "signed.pdf")
    assert pages_of(signed) >= PAGES_MIN
    told = subprocess.run(
        ["pdfsig", "-nocert", str(signed)], capture_output=True, text=True, check=True
    )
    assert told.stdout.count("Signature is Valid") == 2
    leader.follow("核验已签协议")
    leader.page.locator("input[type=file]").set_input_files(signed)
    leader.press("核验文件")
    leader.sees("该文件为各方签署的协议原件", "太湖示例环境咨询有限公司")
    look(leader, tmp_path, "checked")


def _sign_upright(world: World, signer: Visitor, number: str, folder: Path) -> None:
    thumb, page = Thumb(), signer.page
    signer.go("/agreements/to-sign/")
    signer.sees(number, SCENARIO)
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    signer.go("/home/")
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    row = page.locator("#work tbody tr").filter(has_text=number)
    signer.arrive(lambda: thumb.tap(row.get_by_role("link").first))
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    look(signer, folder, "portrait-top")
    assert signer.path.endswith("/sign/")
    # Who signs, and what, stands before the first clause.
    text = signer.text()
    assert text.index("谢法人") < text.index("第一条")
    bar, finish = page.locator("[data-signbar]"), page.get_by_role("button", name="完成签署")
    expect(bar).to_be_in_viewport()
    expect(finish).to_be_hidden()

    thumb.tap(bar.get_by_text("前往签署"))
    expect(finish).to_be_visible()
    thumb.tap(page.locator("[name=confirm]"))
    thumb.tap(page.locator("[name=password]"))
    page.keyboard.type(PASSWORD)
    thumb.tap(page.locator("[name=code]"))
    page.keyboard.type(code_of(world, "thhj-faren"))
    look(signer, folder, "portrait-signature")
    signer.arrive(lambda: thumb.tap(finish))

    assert thumb.taps <= TAPS_MAX
    signer.sees("您已签署", "密码和动态验证码")
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    look(signer, folder, "portrait-signed")
    assert pages_of(signer.download("部分签署文本", folder / "part.pdf")) >= PAGES_MIN


def _read_on_its_side(leader: Visitor, number: str, folder: Path) -> None:
    page = leader.page
    leader.go("/agreements/to-sign/")
    row = page.locator("main tbody tr").filter(has_text=number)
    leader.arrive(row.get_by_role("link", name="阅读并签署").click)
    page.set_viewport_size(LANDSCAPE)  # type: ignore[arg-type]
    bar = page.locator("[data-signbar]")
    expect(bar).to_be_in_viewport()
    box = bar.bounding_box()
    assert box is not None
    assert box["height"] <= BAR_PIXELS_MAX
    assert page.evaluate(BEYOND) <= 0
    look(leader, folder, "landscape-top")
    changes = page.locator(".dd-changedclause")
    assert changes.count() >= 2
    for place in (0, 1):
        bar.get_by_text("下一处").click()
        expect(changes.nth(place)).to_be_in_viewport()
        expect(changes.nth(place)).to_be_focused()
    look(leader, folder, "landscape-change")


def _sign_on_its_side(world: World, leader: Visitor, folder: Path) -> None:
    page = leader.page
    finish = page.get_by_role("button", name="完成签署")

    def enter(code: str) -> None:
        page.set_viewport_size(LANDSCAPE)  # type: ignore[arg-type]
        jump = page.locator("[data-signbar]").get_by_text("前往签署")
        # After a refusal the page stands at its reason, which is at the end.
        if jump.is_visible():
            jump.click()
        page.locator("[name=confirm]").check()
        page.locator("[name=password]").fill(PASSWORD)
        page.locator("[name=code]").fill(code)
        expect(finish).to_be_in_viewport()

    enter("000000")
    look(leader, folder, "landscape-signature")
    leader.arrive(finish.click, status=422)
    leader.sees("密码或动态验证码不正确")
    enter(code_of(world, "d01-lingdao"))
    leader.arrive(finish.click)
    leader.sees("各方均已签署，协议生效")
