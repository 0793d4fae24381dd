"""The telephone of a person in the journeys: the code to sign with, and the act of signing."""

from __future__ import annotations

import subprocess
import sys

from demo.cast import PASSWORD
from tests.journeys.conftest import World
from tests.journeys.visitor import Visitor


def code_of(world: World, username: str) -> str:
    """Return the code on somebody's telephone, as the command of the demonstration prints it."""
    return subprocess.run(
        [sys.executable, "manage.py", "demo_code", username],
        env=world.surroundings, capture_output=True, text=True, check=True,
    ).stdout.strip()  # fmt: skip


def sign(world: World, signer: Visitor, username: str) -> None:
    """Sign the agreement on the screen as a reader who has come to its end."""
    signer.page.locator("[data-signbar]").get_by_text("前往签署").click()
    signer.tick("confirm")
    signer.fill({"password": PASSWORD, "code": code_of(world, username)})
    signer.press("完成签署")
