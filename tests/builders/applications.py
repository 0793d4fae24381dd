"""A small city with its offices, and applications brought to any step through the real actions."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from applications import actions, form, panel
from applications.models import Application, Minutes, ProviderBranch
from catalog.models import Dataset
from core import clock
from parties.models import Organization, User
from parties.roles import Kind, Role
from tests.builders.datasets import D01_FIELDS, D07_FIELDS, published_dataset
from tests.builders.parties import MORNING, organization, person


def day(text: str, hour: int = 10) -> datetime:
    """Return an hour of a day in Wuxi, e.g. ``day("2026-09-14")``."""
    year, month, number = map(int, text.split("-"))
    return datetime(year, month, number, hour - 8, 0, tzinfo=UTC)


# The days of story S1.
SUBMITTED, ACCEPTED = day("2026-09-14"), day("2026-09-16")
REVIEWED, SECURED = day("2026-09-22"), day("2026-09-28")
CONCLUDED, DECIDED = day("2026-10-12"), day("2026-10-13")

SCENARIO: dict[str, Any] = {
    "scenario_name": "小微企业授信核验",
    "purpose_class": "INDUSTRY",
    "purpose_text": "用于小微企业贷款授信环节核验企业登记状态与抵押查封状态，降低融资成本。",
    "expected_products": "授信核验报告",
    "benefit_statement": "预计每年服务小微企业 8000 家。",
    "term_months": 12,
    "delivery_mode": "API",
    "environment": "SANDBOX",
    "protection_level": 3,
    "protection_certificate": "32020043-20001",
    "region": "江苏省无锡市",
    "monthly_quota": 400_000,
    "security_plan": dict.fromkeys(form.SECURITY_TOPICS, "按制度执行，专人负责。"),
}


@dataclass
class City:
    """The offices of a procedure, the people at their desks, two published datasets."""

    authority: Organization
    platform: Organization
    committee: Organization
    applicant: Organization
    provider: Organization
    second_provider: Organization
    agent: User
    legal_rep: User
    case: User
    decider: User
    second_decider: User
    supervisor: User
    security: User
    ops: User
    secretary: User
    chair: User
    vice: User
    members: list[User]
    officer: User
    leader: User
    second_officer: User
    second_leader: User
    stranger: User
    datasets: list[Dataset] = field(default_factory=list)

    @property
    def panel(self) -> list[User]:
        """The chair and four members: exactly a quorum."""
        return [self.chair, *self.members[:4]]


def build_city() -> City:
    """Return a city in which a case can be walked from the draft to the decision."""
    authority = organization(Kind.AUTHORITY, "无锡市数据局")
    platform = organization(Kind.PLATFORM, "无锡公共数据平台")
    committee = organization(Kind.COMMITTEE, "公共数据有条件开放审查委员会")
    applicant = organization(
        Kind.APPLICANT, "锡城示例征信科技有限公司", legal_representative="钱示例"
    )
    provider = organization(Kind.PROVIDER, "市市场监管局")
    second = organization(Kind.PROVIDER, "市自然资源规划局")
    other = organization(Kind.APPLICANT, "梁溪示例出行科技有限公司")
    city = City(
        authority=authority,
        platform=platform,
        committee=committee,
        applicant=applicant,
        provider=provider,
        second_provider=second,
        agent=person(applicant, Role.APPLICANT_AGENT, full_name="周示例"),
        legal_rep=person(applicant, Role.APPLICANT_LEGAL_REP, full_name="钱示例"),
        case=person(authority, Role.AUTHORITY_CASE, Role.AUTHORITY_DECIDER, full_name="承办人"),
        decider=person(authority, Role.AUTHORITY_DECIDER, full_name="审批人"),
        second_decider=person(authority, Role.AUTHORITY_DECIDER, full_name="复核人"),
        supervisor=person(authority, Role.AUTHORITY_SUPERVISOR, full_name="监管人"),
        security=person(platform, Role.SECURITY_OFFICER, full_name="安全员"),
        ops=person(platform, Role.PLATFORM_OPS, full_name="运维员"),
        secretary=person(committee, Role.COMMITTEE_SECRETARY, full_name="秘书"),
        chair=person(committee, Role.COMMITTEE_CHAIR, full_name="主任委员"),
        vice=person(committee, Role.COMMITTEE_CHAIR, full_name="副主任委员"),
        members=[
            person(committee, Role.COMMITTEE_MEMBER, full_name=f"委员{n}") for n in range(1, 7)
        ],
        officer=person(provider, Role.PROVIDER_OFFICER, full_name="市监专员"),
        leader=person(provider, Role.PROVIDER_LEADER, full_name="市监负责人"),
        second_officer=person(second, Role.PROVIDER_OFFICER, full_name="资规专员"),
        second_leader=person(second, Role.PROVIDER_LEADER, full_name="资规负责人"),
        stranger=person(other, Role.APPLICANT_AGENT, full_name="外人"),
    )
    city.datasets = [
        published_dataset(
            provider, city.officer, code="D01", title="企业登记与变更增量", fields=D01_FIELDS
        ),
        published_dataset(
            second,
            city.second_officer,
            code="D07",
            title="不动产抵押查封状态核验",
            level="L3",
            fields=D07_FIELDS,
        ),
    ]
    put_in_office(city)
    return city


def put_in_office(city: City, *, at: datetime = MORNING) -> None:
    """Appoint the people of the committee for a term that covers the days of the stories."""
    roster = actions.open_roster(name="第一届", actor=city.secretary, at=at)
    people = [(city.chair, "CHAIR"), (city.vice, "VICE"), *((m, "MEMBER") for m in city.members)]
    actions.appoint_members(
        roster_id=roster.pk,
        appointments=[
            actions.Appointment(
                member_id=who.pk, role=role, basis="聘任文件", from_on=clock.local_date(at)
            )
            for who, role in people
        ],
        actor=city.secretary,
        at=at,
    )


def drafted(city: City, *, at: datetime = SUBMITTED, **changes: Any) -> Application:
    """Return a complete draft for every dataset of the city."""
    draft = actions.start_application(actor=city.agent, at=at, **{**SCENARIO, **changes})
    actions.set_items(
        application_id=draft.pk,
        items=[
            {
                "code": dataset.code,
                "fields": [f.name for f in dataset.current_version.fields.all()],  # type: ignore[union-attr]
                "filters": {},
                "justification": "授信核验逐项需要上述字段。",
            }
            for dataset in city.datasets
        ],
        actor=city.agent,
        at=at,
    )
    actions.sign_commitments(
        application_id=draft.pk, codes=form.COMMITMENTS, actor=city.agent, at=at
    )
    return Application.objects.get(pk=draft.pk)


def submitted(city: City, *, at: datetime = SUBMITTED, **changes: Any) -> Application:
    """Return an application that has been submitted."""
    draft = drafted(city, at=at, **changes)
    return actions.submit_application(application_id=draft.pk, actor=city.agent, at=at)


def accepted(city: City, *, at: datetime = ACCEPTED, **changes: Any) -> Application:
    """Return an application in provider review; ``city.case`` handles it."""
    case = submitted(city, **changes)
    return actions.accept_application(application_id=case.pk, actor=city.case, at=at)


def people_of(city: City, branch: ProviderBranch) -> tuple[User, User]:
    """Return the officer and the leader of a branch."""
    if branch.provider_id == city.provider.pk:
        return city.officer, city.leader
    return city.second_officer, city.second_leader


def opinion_on(branch: ProviderBranch, **decisions: dict[str, str]) -> dict[str, Any]:
    """Return an opinion that allows every field but those decided otherwise by name."""
    items = branch.application.items.filter(dataset__provider=branch.provider_id)
    return {
        item.dataset.code: {
            "fields": {name: decisions.get(name, {"decision": "ALLOW"}) for name in item.fields},
            "note": "",
        }
        for item in items.select_related("dataset")
    }


def answer_branch(
    city: City, branch: ProviderBranch, *, at: datetime = REVIEWED, **decisions: dict[str, str]
) -> None:
    """Draft and confirm the opinion of one branch."""
    officer, leader = people_of(city, branch)
    actions.draft_provider_opinion(
        branch_id=branch.pk, opinion=opinion_on(branch, **decisions), actor=officer, at=at
    )
    actions.confirm_provider_opinion(branch_id=branch.pk, actor=leader, at=at)


def reviewed(
    city: City, *, at: datetime = REVIEWED, decisions: dict[str, Any] | None = None, **changes: Any
) -> Application:
    """Return an application whose providers have all answered."""
    case = accepted(city, **changes)
    for branch in case.branches.order_by("id"):
        answer_branch(city, branch, at=at, **(decisions or {}))
    case.refresh_from_db()
    return case


ASSESSMENT = {
    "findings": ["等保三级证书有效", "沙箱环境满足三级数据要求"],
    "conclusion": "环境与数据级别相符",
    "conditions": [],
    "valid_until": "2027-09-30",
}


def secured(city: City, *, at: datetime = SECURED, **changes: Any) -> Application:
    """Return an application before the committee, no panel seated yet."""
    case = reviewed(city, **changes)
    return actions.pass_security_review(
        application_id=case.pk, assessment=ASSESSMENT, actor=city.security, at=at
    )


def seated(
    city: City, *, at: datetime = CONCLUDED, members: list[User] | None = None, **changes: Any
) -> Application:
    """Return an application with a panel of which everybody has declared no interest."""
    case = secured(city, **changes)
    people = members or city.panel
    actions.seat_panel(
        application_id=case.pk, members=people, chair=city.chair, actor=city.secretary, at=at
    )
    for one in people:
        actions.declare_interest(application_id=case.pk, conflict="", actor=one, at=at)
    case.refresh_from_db()
    return case


def scores(total: int = 90) -> dict[str, int]:
    """Return scores per criterion that add up to ``total``."""
    left, given = total, {}
    for name, most in panel.CRITERIA.items():
        given[name] = min(left, most)
        left -= given[name]
    assert left == 0
    return given


def vote(
    case: Application,
    who: User,
    *,
    ballot: str = "FOR",
    total: int = 90,
    at: datetime = CONCLUDED,
    **more: Any,
) -> None:
    """Cast one ballot; every criterion has its reason."""
    actions.cast_ballot(
        application_id=case.pk,
        vote=ballot,
        scores=scores(total),
        reason="范围与用途相称。",
        criterion_reasons=dict.fromkeys(panel.CRITERIA, "尚有不足"),
        actor=who,
        at=at,
        **more,
    )


def sign_off(city: City, case: Application, *, at: datetime = CONCLUDED) -> Application:
    """Let the chair close the vote, the secretary sign the minutes, and the chair conclude."""
    actions.close_panel(application_id=case.pk, actor=city.chair, at=at)
    return sign_both(city, case, at=at)


def sign_both(
    city: City, case: Application, *, chair: User | None = None, at: datetime = CONCLUDED
) -> Application:
    """Let the secretary sign the drafted minutes, then the one who presided."""
    minutes = Minutes.objects.filter(application=case, concluded_at=None).get()
    actions.sign_minutes(
        application_id=case.pk, content_hash=minutes.content_hash, actor=city.secretary, at=at
    )
    return actions.conclude_committee(
        application_id=case.pk, actor=chair or city.chair, at=at
    )


def concluded(
    city: City, *, at: datetime = CONCLUDED, ballots: tuple[str, ...] = ("FOR",) * 5, **changes: Any
) -> Application:
    """Return an application that waits for the decision."""
    case = seated(city, at=at, **changes)
    for who, ballot in zip(city.panel, ballots, strict=True):
        vote(case, who, ballot=ballot, at=at)
    return sign_off(city, case, at=at)


def heard(
    city: City, case: Application, *, ballots: tuple[str, ...] = ("FOR",) * 3, at: datetime
) -> Application:
    """Let a new panel of three hear the objection to a decision, and sign its minutes."""
    people = [city.vice, *city.members[4:6]]
    actions.seat_panel(
        application_id=case.pk, members=people, chair=city.vice, actor=city.secretary, at=at
    )
    for who, ballot in zip(people, ballots, strict=True):
        actions.declare_interest(application_id=case.pk, conflict="", actor=who, at=at)
        vote(case, who, ballot=ballot, at=at)
    actions.close_panel(application_id=case.pk, actor=city.vice, at=at)
    return sign_both(city, case, chair=city.vice, at=at)


def approved_application(
    city: City | None = None,
    *,
    at: datetime = DECIDED,
    conditions: tuple[str, ...] = (),
    **changes: Any,
) -> tuple[City, Application]:
    """Return a city and an application approved on ``at``, with ``conditions`` if any."""
    city = city or build_city()
    case = concluded(city, **changes)
    case = actions.decide(
        application_id=case.pk,
        result="APPROVED_WITH_CONDITIONS" if conditions else "APPROVED",
        reasons="符合有条件开放要求。",
        conditions=conditions,
        actor=city.decider,
        at=at,
    )
    return city, case
