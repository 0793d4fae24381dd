"""
One of everything for the screens: a process that builds it and tells where it is.

    python -m tests.screens.scene FOLDER

Writes FOLDER/scene.json: the address of every page, and a session for every person with a desk.
A page for which no sample is known has no address; its test then fails by name.
"""

from __future__ import annotations

import json
import os
import sys
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import django

if TYPE_CHECKING:
    from parties.models import User
    from tests.builders.applications import City
    from tests.portal.samples import Things

# When the readers look: after the last deed of the samples.
LOOKED_AT = "2026-12-03"


def main() -> None:
    """Build the scene and describe it."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    from core import clock
    from tests.builders.applications import day
    from tests.portal.samples import build_things
    from tests.screens.written import in_database

    folder = Path(sys.argv[1])
    things = build_things()
    other = with_another_company(things.city)
    things.samples |= cases_on_the_way(other) | datasets_on_the_way(other, folder)
    clock.write_file(folder / "clock.json", at=day(LOOKED_AT))
    scene = {"addresses": addresses(things), "sessions": sessions(), "written": in_database()}
    (folder / "scene.json").write_text(json.dumps(scene), encoding="utf-8")
    print("ready", flush=True)


def with_another_company(city: City) -> City:
    """Return the same city with an applicant that is not barred, as the one of the samples is."""
    from parties.roles import Kind, Role
    from tests.builders.parties import organization, person

    company = organization(
        Kind.APPLICANT, "惠山示例物流科技有限公司", legal_representative="孙示例"
    )
    return replace(
        city,
        applicant=company,
        agent=person(company, Role.APPLICANT_AGENT, full_name="吴示例"),
        legal_rep=person(company, Role.APPLICANT_LEGAL_REP, full_name="孙示例"),
    )


def cases_on_the_way(city: City) -> dict[str, Any]:
    """Return a case for each step, so that its pages show what is done there."""
    from applications import actions
    from tests.applications.desk_support import DEFECT, take
    from tests.builders import applications as build
    from tests.builders.contracts import ready_agreement

    draft = build.drafted(city, scenario_name="起草中的场景")
    new = build.submitted(city, scenario_name="待受理的场景")
    returned = build.submitted(city, scenario_name="补正中的场景")
    actions.request_correction(
        application_id=returned.pk, defects=[DEFECT], actor=city.case, at=build.SUBMITTED
    )
    held = build.submitted(city, scenario_name="审核中的场景")
    take(held, city.case)
    actions.accept_application(application_id=held.pk, actor=city.case, at=build.ACCEPTED)
    actions.ask_extension(
        application_id=held.pk, working_days=5, reason="情况复杂。", actor=city.case,
        at=build.ACCEPTED,
    )  # fmt: skip
    answered = build.reviewed(city, scenario_name="待安全审查的场景")
    unseated = build.secured(city, scenario_name="待组成评审组的场景")
    panel = build.seated(city, scenario_name="表决中的场景")
    build.vote(panel, city.panel[1])
    waiting = build.concluded(city, scenario_name="待决定的场景")
    objected = build.concluded(city, ballots=("AGAINST",) * 5, scenario_name="有异议的场景")
    _, agreement = ready_agreement(city, scenario_name="待签署的场景")
    branch = held.branches.order_by("id").first()
    return {
        **dict.fromkeys(("application_tasks", "application_fill", "application_check"), draft),
        **dict.fromkeys(("application_return", "application_refuse"), new),
        "application_correct": returned,
        "application_branch": branch,
        **dict.fromkeys(
            [
                f"application_{name}"
                for name in ("extension", "clock", "remark", "ask", "consult", "reference")
            ],
            held,
        ),
        "application_security": answered,
        "application_panel": unseated,
        **dict.fromkeys(
            [
                f"application_{name}"
                for name in (
                    "substitute", "interest", "vote", "conclude", "preside",
                    "adjourn", "file_room",
                )
            ],
            panel,
        ),
        "application_decide": waiting,
        "application_object": _refused(city, objected),
        "agreement_copy": agreement,
        "agreement_sign": agreement,
        "agreement_decline": agreement,
        "agreement_upload": agreement,
        "mandate_new": agreement,
    }


def _refused(city: City, case: Any) -> Any:
    from applications import actions
    from tests.builders import applications as build

    return actions.decide(
        application_id=case.pk, result="REJECTED", reasons="范围与用途不相称。",
        actor=city.decider, at=build.DECIDED,
    )  # fmt: skip


def datasets_on_the_way(city: City, folder: Path) -> dict[str, Any]:
    """Return a dataset before each gate, and those that were closed again."""
    from catalog import actions
    from parties.roles import Role
    from tests.builders.parties import person
    from tests.catalog import conftest as gates

    reviewer = person(city.provider, Role.SECRECY_REVIEWER, full_name="保密员")
    own = SimpleNamespace(
        provider=city.provider, officer=city.officer, leader=city.leader, reviewer=reviewer
    )
    key = {"reason": "核查中。", "at": gates.NOON}
    file = gates.parquet_file(folder / "rows.parquet", stations=["DT1-01", "DT1-02"])
    made = [gates.describe(own, code=f"D5{n}", title=f"客流{n}") for n in range(5)]  # type: ignore[arg-type]
    for dataset, state in zip(made[1:], ("SENSITIVE_CHECKED", "RISK_ASSESSED"), strict=False):
        gates.walk(dataset, own, until=state, file=file)  # type: ignore[arg-type]
    closed, stopped = made[3], made[4]
    gates.walk(closed, own, until="CLASSIFIED")  # type: ignore[arg-type]
    actions.hold_dataset(
        dataset_id=closed.pk, reason_code="PRIVACY", actor=city.officer, **key
    )
    gates.walk(stopped, own, until="PUBLISHED", file=file)  # type: ignore[arg-type]
    actions.suspend_dataset(dataset_id=stopped.pk, actor=city.leader, **key)
    return {
        **dict.fromkeys(("dataset_rows", "dataset_classify"), made[0]),
        **dict.fromkeys(("dataset_assess", "dataset_hold"), made[1]),
        "dataset_secrecy": made[2],
        "dataset_reclassify": closed,
        "dataset_resume": stopped,
    }


def addresses(things: Things) -> dict[str, str]:
    """Return the address of every page that can be opened, by the name of its route."""
    from django.urls import reverse

    from tests.portal.test_pages import portal_patterns
    from tests.portal.test_routes import address
    from tests.screens.pages import QUERIES, can_be_opened

    found = {}
    for pattern in portal_patterns():
        name = str(pattern.name)
        if not can_be_opened(pattern):
            continue
        try:
            url = (
                address(pattern, things)
                if pattern.pattern.converters
                else reverse(f"portal:{name}")
            )
        except AssertionError as error:
            print(error, file=sys.stderr)
            continue
        found[name] = url + QUERIES.get(name, "")
    return found


def sessions() -> dict[str, str]:
    """Return a session for one person of every desk of every house; a visitor has none."""
    from parties.models import User
    from parties.roles import Kind, Role
    from tests.builders.parties import organization, person

    person(organization(Kind.PLATFORM, "平台"), Role.AUDITOR, full_name="审计员")
    found, seen = {}, {()}
    for user in User.objects.filter(is_active=True).order_by("created_at", "username"):
        desks = tuple(sorted((d.organization_id.hex, d.role) for d in user.desks.all()))
        if desks not in seen:
            seen.add(desks)
            found[user.full_name] = _session(user)
    return found | {"": ""}


def _session(user: User) -> str:
    from django.test import Client

    client = Client()
    client.force_login(user)
    return client.cookies["sessionid"].value


if __name__ == "__main__":
    main()
