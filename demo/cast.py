"""
Who plays in the stories: organizations, people and their desks. All of them are invented.

Codes use a body that no registrar assigns ("0000DEM" and the like) and carry right check
characters. The password is one for all and only good for a demonstration.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from core.ids import uscc_check_character
from demo import codes
from demo.stage import Stage
from parties import actions, queries
from parties.models import Organization, User
from parties.roles import Kind, Role

PASSWORD = "Shuqi-demo-2026"  # noqa: S105 - printed for everybody to use


@dataclass(frozen=True, slots=True)
class Player:
    """One person and the roles the person holds."""

    username: str
    full_name: str
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Company:
    """One organization and its people."""

    key: str
    name: str
    short_name: str
    uscc: str
    kind: str
    people: tuple[Player, ...]
    legal_representative: str = ""


def _code(body: str) -> str:
    return body + uscc_check_character(body)


HOUSES = (
    Company(
        "authority",
        "示例市大数据管理局",
        "大数据局",
        _code("11320200000DEMA1X"),
        Kind.AUTHORITY,
        (
            Player("sjj-shouli", "周受理", (Role.AUTHORITY_CASE,)),
            Player("sjj-jueding", "吴决定", (Role.AUTHORITY_DECIDER,)),
            Player("sjj-fuyi", "郑复议", (Role.AUTHORITY_DECIDER,)),
            Player("sjj-jiandu", "王监督", (Role.AUTHORITY_SUPERVISOR,)),
        ),
    ),
    Company(
        "platform",
        "示例市公共数据开放平台运营中心",
        "运营中心",
        _code("12320200000DEMP1X"),
        Kind.PLATFORM,
        (
            Player("pt-yunying", "冯运营", (Role.PLATFORM_OPS,)),
            Player("pt-anquan", "陈安全", (Role.SECURITY_OFFICER,)),
            Player("pt-shenji", "褚审计", (Role.AUDITOR,)),
        ),
    ),
    Company(
        "committee",
        "示例市公共数据开放审查委员会",
        "审查委员会",
        _code("11320200000DEMC1X"),
        Kind.COMMITTEE,
        (
            Player("wyh-mishu", "卫秘书", (Role.COMMITTEE_SECRETARY,)),
            Player("wyh-zhuren", "蒋主任", (Role.COMMITTEE_CHAIR, Role.COMMITTEE_MEMBER)),
            Player("wyh-shen", "沈委员", (Role.COMMITTEE_MEMBER,)),
            Player("wyh-han", "韩委员", (Role.COMMITTEE_MEMBER,)),
            Player("wyh-yang", "杨委员", (Role.COMMITTEE_MEMBER,)),
            Player("wyh-zhu", "朱专家", (Role.COMMITTEE_MEMBER, Role.EXPERT)),
            Player("wyh-qin", "秦专家", (Role.COMMITTEE_MEMBER, Role.EXPERT)),
        ),
    ),
    Company(
        "exchange",
        "示例市数据交易有限公司",
        "数据交易公司",
        _code("91320200000DEME1X"),
        Kind.EXCHANGE,
        (
            Player("jys-jiesuan", "尤结算", (Role.EXCHANGE_SETTLER,)),
            Player("jys-caiwu", "许财务", (Role.EXCHANGE_FINANCE,)),
            Player("jys-cuohe", "何撮合", (Role.EXCHANGE_MATCHER,)),
        ),
    ),
    Company(
        "treasury",
        "示例市财政局",
        "财政局",
        _code("11320200000DEMT1X"),
        Kind.TREASURY,
        (Player("czj-chakan", "吕财政", (Role.TREASURY_VIEWER,)),),
    ),
    Company(
        "assessor",
        "示例数据评估事务所有限公司",
        "评估事务所",
        _code("91320200000DEMG1X"),
        Kind.ASSESSOR,
        (Player("pgs-pinggu", "施评估", (Role.ASSESSOR,)),),
    ),
)

APPLICANTS = (
    Company(
        "credit",
        "锡城示例征信科技有限公司",
        "锡城征信",
        "913202000000DEM185",
        Kind.APPLICANT,
        (
            Player("xczx-jingban", "孔经办", (Role.APPLICANT_AGENT,)),
            Player("xczx-faren", "曹法人", (Role.APPLICANT_LEGAL_REP,)),
            Player("xczx-anquan", "严安全", (Role.APPLICANT_SECURITY,)),
        ),
        "曹法人",
    ),
    Company(
        "supply",
        "运河示例供应链数据有限公司",
        "运河供应链",
        "913202000000DEM34T",
        Kind.APPLICANT,
        (
            Player("yhgyl-jingban", "华经办", (Role.APPLICANT_AGENT,)),
            Player("yhgyl-faren", "金法人", (Role.APPLICANT_LEGAL_REP,)),
            Player("yhgyl-anquan", "魏安全", (Role.APPLICANT_SECURITY,)),
        ),
        "金法人",
    ),
    Company(
        "health",
        "蠡湖示例健康大数据研究院有限公司",
        "蠡湖健康",
        "913202000000DEM260",
        Kind.APPLICANT,
        (
            Player("lhjk-jingban", "陶经办", (Role.APPLICANT_AGENT,)),
            Player("lhjk-faren", "姜法人", (Role.APPLICANT_LEGAL_REP,)),
        ),
        "姜法人",
    ),
    Company(
        "environment",
        "太湖示例环境咨询有限公司",
        "太湖环境",
        "913202000000DEM42M",
        Kind.APPLICANT,
        (
            Player("thhj-jingban", "戚经办", (Role.APPLICANT_AGENT,)),
            Player("thhj-faren", "谢法人", (Role.APPLICANT_LEGAL_REP,)),
        ),
        "谢法人",
    ),
    Company(
        "travel",
        "梁溪示例出行科技有限公司",
        "梁溪出行",
        "913202000000DEM69D",
        Kind.APPLICANT,
        (
            Player("lxcx-jingban", "邹经办", (Role.APPLICANT_AGENT,)),
            Player("lxcx-faren", "喻法人", (Role.APPLICANT_LEGAL_REP,)),
        ),
        "喻法人",
    ),
)

# The people of a data department: its officer, its leader, and the reviewer of secrecy.
DEPARTMENT_ROLES = (
    ("zhuangang", "专岗", Role.PROVIDER_OFFICER),
    ("lingdao", "领导", Role.PROVIDER_LEADER),
    ("baomi", "保密", Role.SECRECY_REVIEWER),
)
SURNAMES = "柏水窦章云苏潘葛奚范彭郎鲁韦昌马"


class Cast:
    """The players by name: ``cast["xczx-jingban"]`` is a person, ``cast.house["x"]`` a house."""

    def __init__(self) -> None:
        self.house: dict[str, Organization] = {}
        self.person: dict[str, User] = {}

    def __getitem__(self, username: str) -> User:
        return self.person[username]

    def members(self) -> list[User]:
        """Return the members of the committee."""
        names = ("wyh-zhuren", "wyh-shen", "wyh-han", "wyh-yang", "wyh-zhu", "wyh-qin")
        return [self.person[name] for name in names]

    def department(self, dataset_code: str, role: str) -> User:
        """Return a person of the department that holds a dataset, e.g. ("D01", "lingdao")."""
        return self.person[f"{dataset_code.lower()}-{role}"]


def enter(stage: Stage, cast: Cast, companies: tuple[Company, ...]) -> None:
    """Register organizations and their people, verify them, and open the desks."""
    actor = queries.system_actor()
    for company in companies:
        profile = (
            {"legal_representative": company.legal_representative}
            if (company.legal_representative)
            else {}
        )
        house = stage.act(
            f"{company.name}登记入驻，身份核验通过",
            actions.register_organization,
            name=company.name,
            short_name=company.short_name,
            uscc=company.uscc,
            kind=company.kind,
            actor=actor,
            **profile,
        )
        actions.verify_organization(organization_id=house.id, actor=actor, at=stage.at)
        cast.house[company.key] = house
        for player in company.people:
            seat(stage, cast, house=house, player=player, actor=actor)


def enter_departments(stage: Stage, cast: Cast, holders: dict[str, Organization]) -> None:
    """Give each department that holds a dataset its people; one set per department."""
    actor, known = queries.system_actor(), dict[Any, dict[str, User]]()
    for number, (code, department) in enumerate(sorted(holders.items())):
        if department.id not in known:
            known[department.id] = {}
            surname = SURNAMES[number % len(SURNAMES)]
            for key, title, role in DEPARTMENT_ROLES:
                player = Player(f"{code.lower()}-{key}", f"{surname}{title}", (role,))
                known[department.id][key] = seat(
                    stage, cast, house=department, player=player, actor=actor
                )
        for key, person in known[department.id].items():
            cast.person[f"{code.lower()}-{key}"] = person


def seat(stage: Stage, cast: Cast, *, house: Organization, player: Player, actor: Any) -> User:
    """Create one person and open the person's desks."""
    person = actions.create_user(
        username=player.username,
        full_name=player.full_name,
        password=PASSWORD,
        actor=actor,
        at=stage.at,
    )
    for role in player.roles:
        actions.open_desk(
            user_id=person.id, organization_id=house.id, role=role, actor=actor, at=stage.at
        )
    if codes.WITH_TELEPHONE & set(player.roles):
        codes.hand_out(person=person, password=PASSWORD, at=stage.at)
    cast.person[player.username] = person
    return person
