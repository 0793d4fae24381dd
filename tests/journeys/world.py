"""
The world of the journeys: a process that sets the scene and then plays the worker.

    python -m tests.journeys.world FOLDER

Tells, through actions, how the city opens and how one case comes before the committee; says
"ready"; then delivers every due event until its input is closed.
"""

from __future__ import annotations

import os
import select
import sys
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

import django

if TYPE_CHECKING:
    from demo.cast import Cast
    from demo.stage import Stage

ACTS = 60
# How long an event may wait before this worker looks again.
DELIVERY_PAUSE_SECONDS = 0.05
# Its part of the form asks for files.
WITH_FILES = "D02"
SEATED = "2026-03-13 09:30"


def main() -> None:
    """Set the scene, then deliver."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    _tell(Path(sys.argv[1]))
    print("ready", flush=True)
    _deliver_until_closed()


def _tell(folder: Path) -> None:
    from core import clock
    from demo import walk
    from demo.cast import Cast
    from demo.stage import Stage
    from demo.stories import opening, s3
    from workflow import baseline

    baseline.install_all(at=clock.now())
    with (folder / "narration.txt").open("w", encoding="utf-8") as narration:
        stage, cast = Stage(folder=folder, acts=ACTS, out=narration), Cast()
        opening.tell(stage, cast)
        _ask_for_files(cast)
        application = walk.submit(stage, cast, s3.PLAN)
        walk.accept(stage, cast, s3.PLAN, application.id)
        walk.review(stage, cast, s3.PLAN, application.id)
        _seat(stage, cast, application.id)


def _ask_for_files(cast: Cast) -> None:
    """Publish a part of the form that asks for files, for a dataset no story asks for."""
    from applications import actions
    from core import clock

    officer, decider, at = cast["sjj-shouli"], cast["sjj-jueding"], clock.now()
    part = actions.draft_form(dataset_code=WITH_FILES, actor=officer, at=at)
    words = {name: {"zh": name, "en": name} for name in ("证明材料", "管理制度", "材料说明")}
    files = {"key": "plan", "type": "FILE", "label": words["管理制度"], "kinds": ["PDF", "PNG"],
             "files_max": 2, "megabytes_max": 1}  # fmt: skip
    note = {"key": "note", "type": "TEXT", "label": words["材料说明"]}
    papers = {"key": "papers", "title": words["证明材料"], "fields": [files, note]}
    actions.edit_form(
        definition_id=part.pk, content={"sections": [papers]}, legal_basis="测试依据",
        actor=officer, at=at,
    )  # fmt: skip
    actions.publish_form(
        definition_id=part.pk, effective_on=clock.local_date(at), actor=decider, at=at
    )


def _seat(stage: Stage, cast: Cast, application_id: UUID) -> None:
    from applications import actions

    members = cast.members()
    stage.move_to(SEATED)
    stage.act(
        "评审组组成",
        actions.seat_panel,
        application_id=application_id,
        members=members,
        chair=members[0],
        actor=cast["wyh-mishu"],
    )


def _deliver_until_closed() -> None:
    from applications import actions
    from core import clock
    from licensing import actions as licensing
    from workflow import outbox

    while not select.select([sys.stdin], [], [], DELIVERY_PAUSE_SECONDS)[0]:
        actions.run_exports(now=clock.now)
        while outbox.deliver_due(at=clock.now()):
            continue
        licensing.run_issue_jobs(now=clock.now)


if __name__ == "__main__":
    main()
