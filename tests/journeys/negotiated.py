"""
One more case in the world of the journeys: decided, and its agreement open to the parties.

    python -m tests.journeys.negotiated FOLDER
"""

from __future__ import annotations

import os
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

import django

if TYPE_CHECKING:
    from demo.cast import Cast

SCENARIO = "协议协商示例场景"
ACTS = 40
DRAFT_SECONDS_MAX = 20.0


def main() -> None:
    """Tell it."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    _tell(Path(sys.argv[1]))


def _tell(folder: Path) -> None:
    from contracts import actions
    from demo import walk
    from demo.stage import Stage
    from demo.stories import s1

    plan = replace(
        s1.PLAN,
        house="travel",
        agent="lxcx-jingban",
        legal_representative="lxcx-faren",
        content={**s1.PLAN.content, "scenario_name": SCENARIO},
    )
    with (folder / "negotiated.txt").open("w", encoding="utf-8") as narration:
        stage, cast = Stage(folder=folder, acts=ACTS, out=narration), _cast()
        application = walk.submit(stage, cast, plan)
        walk.accept(stage, cast, plan, application.id)
        walk.review(stage, cast, plan, application.id)
        walk.committee(stage, cast, plan, application.id)
        walk.decide(stage, cast, plan, application.id)
        stage.move_to(plan.finalized)
        actions.open_negotiation(
            agreement_id=_drafted(application.id),
            actor=cast.department("D01", "zhuangang"),
            at=stage.at,
        )
        stage.deliver()


def _cast() -> Cast:
    """Return those who entered when the city opened."""
    from demo.cast import APPLICANTS, Cast
    from parties.models import Organization, User

    cast = Cast()
    cast.person = {one.username: one for one in User.objects.all()}
    keys = {company.uscc: company.key for company in APPLICANTS}
    houses = Organization.objects.filter(uscc__in=keys)
    cast.house = {keys[house.uscc]: house for house in houses}
    return cast


def _drafted(application_id: UUID) -> UUID:
    """Return the agreement of a case, as soon as the worker has drafted it."""
    from contracts.models import Agreement

    began = time.monotonic()
    while time.monotonic() - began < DRAFT_SECONDS_MAX:
        found = Agreement.objects.filter(application_id=application_id).first()
        if found is not None:
            return found.pk
        time.sleep(0.1)
    raise AssertionError("the agreement was not drafted")


if __name__ == "__main__":
    main()
