"""
A long agreement, up for signature, in the world of the journeys.

    python -m tests.journeys.signing_scene FOLDER

Publishes datasets with very many fields, walks one application for all of them to a text that is
closed for signature, and says "ready" and the number of the agreement.
"""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import django

if TYPE_CHECKING:
    from demo.cast import Cast

DATASETS, FIELDS = 15, 150
PROVIDER_OF, HOUSE = "d01", "environment"
COMPANY = "太湖示例环境咨询有限公司"
SCENARIO = "流域综合治理全量核验"
ACTS = 60
FINALIZED = "2026-03-25 15:00"


def main() -> None:
    """Tell it."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    print("ready", _tell(Path(sys.argv[1])), flush=True)


def _tell(folder: Path) -> str:
    from contracts import actions as contracts
    from contracts.models import Agreement
    from demo import walk
    from demo.stage import Stage
    from demo.stories import s3

    with (folder / "long.txt").open("w", encoding="utf-8") as narration:
        stage, cast = Stage(folder=folder, acts=ACTS, out=narration), _cast()
        items = _publish(cast)
        plan = replace(
            s3.PLAN,
            house=HOUSE,
            agent="thhj-jingban",
            legal_representative="thhj-faren",
            content={**s3.PLAN.content, "scenario_name": SCENARIO},
            items=items,
        )
        application = walk.submit(stage, cast, plan)
        walk.accept(stage, cast, plan, application.id)
        walk.review(stage, cast, plan, application.id)
        walk.committee(stage, cast, plan, application.id)
        walk.decide(stage, cast, plan, application.id)
        agreement = Agreement.objects.get(application_id=application.id)
        officer = cast.department("e01", "zhuangang")
        stage.move_to(FINALIZED)
        for action in (contracts.open_negotiation, contracts.finalize_agreement):
            action(agreement_id=agreement.pk, actor=officer, at=stage.at)
        stage.deliver()
        return agreement.number


def _cast() -> Cast:
    """Return the players who are in the city already."""
    from demo.cast import Cast
    from parties.models import Organization, User

    cast = Cast()
    cast.person = {person.username: person for person in User.objects.all()}
    cast.house = {HOUSE: Organization.objects.get(name=COMPANY)}
    for role in ("zhuangang", "lingdao", "baomi"):
        for number in range(1, DATASETS + 1):
            cast.person[f"e{number:02d}-{role}"] = cast.person[f"{PROVIDER_OF}-{role}"]
    return cast


def _publish(cast: Cast) -> tuple[dict[str, object], ...]:
    from catalog.models import Dataset
    from core import clock
    from tests.builders.datasets import published_dataset

    provider = Dataset.objects.get(code=PROVIDER_OF.upper()).provider
    fields = tuple(f"indicator_{number:03d}" for number in range(1, FIELDS + 1))
    for number in range(1, DATASETS + 1):
        published_dataset(
            provider, cast.department(f"e{number:02d}", "zhuangang"), code=f"E{number:02d}",
            title=f"流域监测指标第{number}册", fields=fields, at=clock.now(),
        )  # fmt: skip
    return tuple(
        {
            "code": f"E{number:02d}", "fields": list(fields), "filters": {},
            "justification": "治理核验逐项需要上述指标。",
        }
        for number in range(1, DATASETS + 1)
    )  # fmt: skip


if __name__ == "__main__":
    main()
