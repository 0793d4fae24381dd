"""Story S1 by hand: from the sign-in of the applicant's agent to the license and the first call."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from demo import walk
from demo.stories import s1
from tests.journeys.conftest import World
from tests.journeys.telephones import sign
from tests.journeys.visitor import Visitor

# The database of the tests is what the world is copied from.
pytestmark = pytest.mark.django_db

Person = Callable[[str], Visitor]
APPLICANT = "锡城示例征信科技有限公司"
MEMBERS = ("wyh-zhuren", "wyh-shen", "wyh-han", "wyh-yang", "wyh-zhu", "wyh-qin")
SCENARIO = s1.SCENARIO


def test_an_applicant_walks_from_the_sign_in_to_the_license_and_the_first_call(
    world: World, person: Person, tmp_path: Path
) -> None:
    number = _apply(world, person("xczx-jingban"))
    _accept(world, person("sjj-shouli"), number)
    _review(world, person)
    _sit(world, person)
    _decide(world, person)
    _sign(world, person)
    scenario = _download(person("xczx-jingban"), tmp_path / "license.pdf")
    _call(world, _obtain_key(world, person), scenario)


def _apply(world: World, agent: Visitor) -> str:
    """Draft, fill in every section, check and submit; return the number of the case."""
    world.move_to(s1.PLAN.drafted)
    agent.go("/home/")
    agent.follow("申请使用数据")
    agent.fill({"scenario_name": SCENARIO})
    agent.press("开始填写")
    draft = agent.path.removesuffix("tasks/")
    agent.go(f"{draft}fill/datasets/")
    for item in s1.PLAN.items:
        agent.fill({"add": item["code"]})
        agent.press("添加并保存")
        agent.tick(f"fields-{item['code']}", *item["fields"])
        agent.fill({f"why-{item['code']}": item["justification"]})
    agent.press("保存并继续")
    content = s1.PLAN.content
    texts = ("purpose_text", "expected_products", "benefit_statement")
    agent.tick("purpose_class", content["purpose_class"])
    agent.fill({name: content[name] for name in texts})
    agent.press("保存并继续")
    agent.tick("delivery_mode", content["delivery_mode"])
    agent.tick("environment", content["environment"])
    rest = ("term_months", "monthly_quota", "protection_level", "protection_certificate", "region")
    agent.fill({name: str(content[name]) for name in rest})
    agent.press("保存并继续")
    agent.fill(walk.SECURITY_PLAN)
    agent.press("保存并继续")
    agent.tick("codes", *walk.COMMITMENTS)
    agent.press("保存并继续")

    world.move_to(s1.PLAN.submitted)
    agent.go(f"{draft}check/")
    agent.sees(SCENARIO, content["purpose_text"], "D01", "D07")
    agent.press("提交申请")
    assert agent.path == f"{draft}sent/"
    agent.sees("申请已提交", "2026年9月17日")
    return agent.page.inner_text("main .dd-verdict strong")


def _accept(world: World, clerk: Visitor, number: str) -> None:
    """Let the acceptance desk accept the case."""
    world.move_to(s1.PLAN.accepted)
    clerk.finds("/home/", number, SCENARIO)
    clerk.take_up(SCENARIO)
    clerk.press("受理")
    clerk.sees("申请已受理", "您在这里", "2026年10月20日")


def _review(world: World, person: Person) -> None:
    """Let officers and leaders of both departments answer, then security."""
    world.move_to(s1.PLAN.drafted_opinions)
    for item in s1.PLAN.items:
        officer = person(f"{item['code'].lower()}-zhuangang")
        officer.take_up(SCENARIO)
        officer.sees(item["code"], APPLICANT, "2026年9月22日")
        officer.fill({f"{item['code']}.{name}.decision": "ALLOW" for name in item["fields"]})
        officer.fill({f"{item['code']}.note": "字段为场景所必需。"})
        officer.press("保存审查意见")
        officer.sees("审查意见已保存")
    world.move_to(s1.PLAN.confirmed_opinions)
    for item in s1.PLAN.items:
        leader = person(f"{item['code'].lower()}-lingdao")
        leader.take_up(SCENARIO)
        leader.press("确认审查意见")
        leader.sees("审查意见已确认")
    world.move_to(s1.PLAN.security_passed)
    security = person("pt-anquan")
    security.take_up(SCENARIO)
    security.sees("2026年9月30日")
    security.fill(
        {
            "findings": "使用环境与数据级别相符\n关联汇聚风险可控",
            "conclusion": "建议提交委员会评审。",
            "valid_until": "2027-01-31",
        }
    )
    security.press("提交委员会审查")


def _sit(world: World, person: Person) -> None:
    """Let the secretary seat the panel, six members vote, secretary and chair sign."""
    world.move_to(s1.PLAN.seated)
    secretary = person("wyh-mishu")
    secretary.finds("/home/", SCENARIO, "2026年10月16日")
    secretary.take_up(SCENARIO)
    for box in secretary.page.locator("main [name='members']").all():
        box.check()
    secretary.press("组成评审组")
    secretary.sees("蒋主任", "秦专家", "应表决6人，已表决0人")
    world.move_to(s1.PLAN.voted)
    for name in MEMBERS:
        member = person(name)
        member.take_up(SCENARIO, duty="评审并表决")
        member.follow("申报")
        member.tick("choice", "none")
        member.press("申报")
        member.fill({f"score_{key}": str(most) for key, most in walk.FIRST_SCORES.items()})
        member.tick("vote", "FOR")
        member.fill({"reason": "用途合法、范围最小、措施到位。"})
        member.press("提交表决")
    world.move_to(s1.PLAN.concluded)
    chair = person(MEMBERS[0])
    chair.take_up(SCENARIO, duty="结束表决")
    chair.press("结束表决并生成会议纪要")
    chair.sees("审查委员会同意")
    for name in ("wyh-mishu", MEMBERS[0]):
        signer = person(name)
        signer.take_up(SCENARIO, duty="签署会议纪要")
        signer.press("签署会议纪要")
        signer.sees("会议纪要已签署")


def _decide(world: World, person: Person) -> None:
    """Let a person who did not handle the case decide it."""
    world.move_to(s1.PLAN.decided)
    decider = person("sjj-jueding")
    decider.take_up(SCENARIO)
    decider.sees("审查委员会同意")
    decider.tick("result", "APPROVED")
    decider.fill({"reasons": "用途明确合法，范围最小必要，安全能力相适应，同意有条件开放。"})
    decider.press("作出决定")
    decider.sees("同意")


def _sign(world: World, person: Person) -> None:
    """Open and close the text, then let all three parties sign it."""
    world.move_to(s1.PLAN.finalized)
    officer = person("d01-zhuangang")
    officer.take_up(SCENARIO, duty="协议")
    officer.press("提交各方协商")
    officer.press("定稿待签")
    leaders = [f"{item['code'].lower()}-lingdao" for item in s1.PLAN.items]
    signers = [(s1.PLAN.legal_representative, s1.PLAN.signed_by_user)]
    signers += [(leader, s1.PLAN.signed_by_providers) for leader in leaders]
    for name, moment in signers:
        world.move_to(moment)
        signer = person(name)
        signer.take_up(SCENARIO, duty="签署")
        if not signer.path.endswith("/sign/"):
            signer.follow("阅读并签署")
        sign(world, signer, name)
    signer.sees("各方均已签署，协议生效")


def _download(agent: Visitor, target: Path) -> str:
    """Find the license, read its certificate and the public verification; return the scenario."""
    agent.finds("/licenses/", "D01", "D07", SCENARIO)
    agent.open_row("D01")
    number = agent.page.inner_text("h1").split()[0]
    scenario = re.search(r"CJ-\d{4}-\d{5}", agent.text())
    assert scenario is not None
    agent.download("正本", target)
    words = ["pdftotext", "-layout", str(target), "-"]
    text = subprocess.run(words, capture_output=True, text=True, check=True).stdout
    flat = "".join(text.split())
    assert number in flat
    assert APPLICANT in flat
    agent.follow("公开查验")
    agent.sees(number, "有效")
    return scenario.group()


def _obtain_key(world: World, person: Person) -> str:
    """Register a client program, have it reviewed, and take the key that is shown once."""
    agent, operator = person("xczx-jingban"), person("pt-yunying")
    world.move_to("2026-10-21 10:00")
    agent.go("/licenses/")
    agent.open_row("D01")
    agent.follow("登记应用接入")
    agent.fill({"name": "授信核验系统", "purpose": "按协议场景调用接口。"})
    agent.fill({"ip_allow_list": "127.0.0.1"})
    agent.press("提交审核")
    client = agent.path
    world.move_to("2026-10-22 09:30")
    operator.take_up("授信核验系统")
    operator.press("通过")
    agent.go(client)
    agent.press("申请凭证")
    world.move_to("2026-10-22 15:00")
    operator.take_up("授信核验系统")
    credential = operator.path
    operator.press("签发密钥")
    key = operator.page.inner_text("#key").strip()
    operator.go(credential)
    assert key not in operator.page.content()
    return key


def _call(world: World, key: str, scenario: str) -> None:
    """Ask the running gate with the key, inside the license and outside it."""
    headers = {"Authorization": f"Bearer {key}", "X-Datadeed-Scenario": scenario}
    answer = httpx.get(f"{world.gate}/v1/data/D01?limit=3", headers=headers)
    assert answer.status_code == 200, answer.text
    rows = answer.json()["rows"]
    assert len(rows) == 3
    assert set(rows[0]) == set(s1.D01_FIELDS)
    outside = httpx.get(f"{world.gate}/v1/data/D01?fields=uscc,capital", headers=headers)
    assert (outside.status_code, outside.json()["reason"]) == (403, "FIELD_NOT_GRANTED")
    keyless = httpx.get(f"{world.gate}/v1/data/D01?limit=3")
    assert keyless.status_code == 401
