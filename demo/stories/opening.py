"""
How the city opens: houses and people, the annex, the calendar, and the datasets through every gate
before they are published. Medical settlements are held back as not open: story S2 tells how they
were opened after all.
"""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command

from applications import actions as applications
from catalog import actions
from catalog.models import Dataset
from demo.cast import APPLICANTS, HOUSES, Cast, enter, enter_departments
from demo.stage import Stage
from parties import actions as parties
from parties import queries
from parties.models import Organization

OPENS = "2026-01-05 09:00"
GATES = "2026-01-06 10:00"
ASSESSMENT_VALID_UNTIL = date(2027, 1, 31)
# Settlements of persons, until they are aggregated and that is proved.
HELD_BACK = "D03"
TERM = date(2026, 1, 1), date(2028, 12, 31)
OFFICES = (
    ("wyh-zhuren", "CHAIR"),
    ("wyh-shen", "VICE"),
    ("wyh-han", "MEMBER"),
    ("wyh-yang", "MEMBER"),
    ("wyh-zhu", "EXPERT"),
    ("wyh-qin", "EXPERT"),
)


def tell(stage: Stage, cast: Cast) -> None:
    """Set the scene: everything that must be there before anybody can apply."""
    stage.move_to(OPENS)
    enter(stage, cast, HOUSES)
    _appoint(stage, cast)
    _import(
        stage,
        "导入2025、2026年放假调休安排",
        "import_calendar",
        "cn_calendar_2025_2026.csv",
    )
    _import(stage, "导入政策附件68家单位年度指标", "import_units", "targets_2023.csv")
    _import(
        stage,
        "导入15个有条件开放数据集的目录与字段",
        "import_datasets",
        "datasets.csv",
        "dataset_fields.csv",
    )
    _import(stage, "发布收费标准", "import_prices", "prices.csv", publisher="jys-caiwu")
    _import(stage, "发布协议范本与各数据集条款配置", "install_templates")
    stage.tell("生成示例数据（固定种子，不含真实个人信息）")
    rows = settings.VAR_DIR / "demo-data"
    call_command("generate_demo_data", target=rows, verbosity=0)
    holders = {d.code: d.provider for d in Dataset.objects.select_related("provider")}
    _verify(stage, holders)
    enter_departments(stage, cast, holders)
    stage.move_to(GATES)
    for code in sorted(holders):
        source = rows / f"{code}.parquet"
        if code == HELD_BACK:
            _hold_back(stage, cast, code=code, source=source)
        else:
            _open(stage, cast, code=code, source=source)
    enter(stage, cast, APPLICANTS)


def _appoint(stage: Stage, cast: Cast) -> None:
    """Appoint the members of the committee for three years."""
    roster = stage.act(
        "审查委员会建立第一届委员名册",
        applications.open_roster,
        name="第一届（2026—2028年）",
        actor=cast["wyh-mishu"],
    )
    stage.act(
        "聘任主任委员、副主任委员、委员和专家共六人，任期三年",
        applications.appoint_members,
        roster_id=roster.pk,
        appointments=[
            applications.Appointment(
                member_id=cast[name].pk,
                role=role,
                basis="示例市大数据管理局聘任通知（2026年第1号）",
                from_on=TERM[0],
                until_on=TERM[1],
            )
            for name, role in OFFICES
        ],
        actor=cast["wyh-mishu"],
    )


def _import(stage: Stage, narration: str, command: str, *files: str, **options: str) -> None:
    folder = settings.BASE_DIR / "demo" / "data"
    stage.tell(narration)
    call_command(command, *[str(folder / name) for name in files], stdout=io.StringIO(), **options)
    stage.deliver()


def _verify(stage: Stage, holders: dict[str, Organization]) -> None:
    for department in sorted({d.pk for d in holders.values()}, key=str):
        if Organization.objects.get(pk=department).state == Organization.State.REGISTERED:
            parties.verify_organization(
                organization_id=department, actor=queries.system_actor(), at=stage.at
            )


def _hold_back(stage: Stage, cast: Cast, *, code: str, source: Path) -> None:
    """Enter a dataset that is not open, with its reason."""
    dataset = Dataset.objects.get(code=code)
    officer = cast.department(code, "zhuangang")
    key: dict[str, Any] = {"dataset_id": dataset.id, "actor": officer, "at": stage.at}
    actions.add_version(source_path=source, **key)
    actions.classify_dataset(openness="NON_OPEN", reason_code="PRIVACY", **key)
    stage.tell(f"{code} {dataset.title}：含个人就医结算信息，定为不予开放")
    stage.deliver()


def _open(stage: Stage, cast: Cast, *, code: str, source: Path) -> None:
    """Lead one dataset through all gates, each by the person whose gate it is."""
    dataset = Dataset.objects.get(code=code)
    officer = cast.department(code, "zhuangang")
    actions.add_version(
        dataset_id=dataset.id, source_path=source, actor=officer, at=stage.at
    )
    pass_gates(stage, cast, dataset=dataset, openness=dataset.openness)


def pass_gates(
    stage: Stage, cast: Cast, *, dataset: Dataset, openness: str, reason: str = ""
) -> None:
    """Classify, scan, assess, review and publish one dataset; ``reason`` as it was imported."""
    code = dataset.code
    officer = cast.department(code, "zhuangang")
    reviewer = cast.department(code, "baomi")
    leader = cast.department(code, "lingdao")
    key: dict[str, Any] = {"dataset_id": dataset.id, "at": stage.at}
    actions.classify_dataset(
        openness=openness,
        reason_code=reason or dataset.openness_reason,
        actor=officer,
        **key,
    )
    actions.scan_dataset(actor=officer, **key)
    actions.assess_risk(
        threats="批量抓取、关联比对、超场景使用",
        aggregation_risk="与公开信息汇聚后可推断单位经营状况，已按字段分级控制",
        likelihood=2,
        impact=2,
        controls="按场景授权、字段最小化、限额限频、全程留痕、定期评估",
        residual_level="L2",
        assessor="示例数据安全测评中心",
        valid_until=ASSESSMENT_VALID_UNTIL,
        actor=officer,
        **key,
    )
    actions.review_secrecy(
        passes=True, opinion="不涉及国家秘密和工作秘密，同意开放。", actor=reviewer, **key
    )
    actions.open_preview(actor=officer, **key)
    actions.publish_dataset(actor=leader, **key)
    stage.tell(f"{code} {dataset.title}：定级、扫描、风险评估、保密审查、预览，发布")
    stage.deliver()
