"""A licensee in the spring of 2026 with two licenses and a key, and cases brought to any step."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction

from contracts.models import Agreement
from licensing import actions as licensing
from licensing.models import Credential, License
from oversight import actions
from oversight.models import ViolationCase
from parties.models import Organization, User
from parties.roles import Kind, Role
from tests.builders.applications import City, day
from tests.builders.licensing import APPROVED, Licensed, licensed
from tests.builders.parties import organization, person

IN_FORCE = day("2026-03-02")
# The days of story S3.
NOTICED, FILED = day("2026-06-10"), day("2026-06-15")
HEARD, STATED, DECIDED = day("2026-06-17"), day("2026-06-24"), day("2026-07-01")


@dataclass
class World:
    """Everything up to a working key, and the people of supervision."""

    licensed: Licensed
    credential: Credential
    assessor: Organization
    judge: User

    @property
    def city(self) -> City:
        """The offices and their people."""
        return self.licensed.city

    @property
    def agreement(self) -> Agreement:
        """The agreement as it is now."""
        return Agreement.objects.get(pk=self.licensed.agreement.pk)

    def license(self, code: str) -> License:
        """Return a license as it is now."""
        return self.licensed.license(code)

    @property
    def license_ids(self) -> list[Any]:
        """The ids of both licenses."""
        return [one.pk for one in self.licensed.licenses.values()]


def world() -> World:
    """Return the world; agreement and licenses count from the second of March 2026."""
    assessor = organization(Kind.ASSESSOR, "示例数据评估事务所")
    judge = person(assessor, Role.ASSESSOR, full_name="施评估")
    built = licensed()
    credential = licensing.request_credential(
        client_id=built.client.pk, actor=built.city.agent, at=APPROVED
    )
    licensing.issue_credential(credential_id=credential.pk, actor=built.city.agent, at=APPROVED)
    _backdate(built.agreement)
    return World(built, Credential.objects.get(pk=credential.pk), assessor, judge)


def _backdate(agreement: Agreement) -> None:
    """Let the agreement and what hangs on it begin in March: the calendar of S3 is that of June."""
    first, last = date(2026, 3, 2), date(2027, 3, 1)
    # In one commit: a license outside its agreement is refused at the end of it.
    with transaction.atomic():
        Agreement.objects.filter(pk=agreement.pk).update(
            effective_at=IN_FORCE, valid_from=first, valid_to=last
        )
        License.objects.filter(agreement=agreement).update(
            issued_at=IN_FORCE, activated_at=IN_FORCE, valid_from=first, valid_to=last
        )


def reported(where: World, *, codes: tuple[str, ...] = ("D01",)) -> ViolationCase:
    """Return a reported case about the licenses named."""
    return actions.report_violation(
        party_id=where.city.applicant.pk,
        license_ids=[where.license(code).pk for code in codes],
        source="COMPLAINT",
        report="投诉称其数据出现在营销名单中。",
        actor=where.city.supervisor,
        at=NOTICED,
    )


def filed(
    where: World, *, code: str = "V4", severity: str = "SERIOUS",
    codes: tuple[str, ...] = ("D01",), at: Any = FILED,
) -> ViolationCase:  # fmt: skip
    """Return a filed case with one piece of evidence; ``city.supervisor`` investigates."""
    case = reported(where, codes=codes)
    actions.add_evidence(
        case_id=case.pk,
        name="含水印数据样本",
        content=f"uscc,name\n{case.pk}".encode(),
        source="投诉举报",
        media_type="text/csv",
        actor=where.city.supervisor,
        at=NOTICED,
    )
    return actions.file_case(
        case_id=case.pk,
        code=code,
        severity=severity,
        facts="将许可用于授信核验的数据用于营销线索筛选，联系人王小明，电话13800001234。",
        rule_article="《数据利用协议》第二条",
        actor=where.city.supervisor,
        at=at,
    )


def heard(where: World, *, measure: str = "CLOSE", at: Any = HEARD, **facts: Any) -> ViolationCase:
    """Return a case whose party has been asked for its statement."""
    case = filed(where, **facts)
    return actions.send_hearing_notice(
        case_id=case.pk, proposed_measure=measure, actor=where.city.supervisor, at=at
    )


def stated(where: World, **facts: Any) -> ViolationCase:
    """Return a case that waits for its decision."""
    case = heard(where, **facts)
    actions.receive_statement(
        case_id=case.pk, text="系业务人员操作失误。", actor=where.city.agent, at=STATED
    )
    return ViolationCase.objects.get(pk=case.pk)


def decided(where: World, *, measure: str = "CLOSE", **facts: Any) -> ViolationCase:
    """Return a decided and enforced case."""
    case = stated(where, **facts)
    return actions.decide_case(
        case_id=case.pk,
        measure=measure,
        reasons="水印比对一致，事实清楚。",
        answer="陈述理由不成立，不予采纳。",
        actor=where.city.decider,
        at=DECIDED,
    )
