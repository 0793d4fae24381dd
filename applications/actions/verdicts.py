"""Putting a decision on record: its rows per dataset, and the letter. Source: domain T09."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, cast

from applications import conditions as attached
from applications import documents, verdict
from applications.actions import papers
from applications.models import Application, ApplicationItem, Decision, DecisionItem
from applications.queries import granted_scope, merged_items
from applications.verdict import Verdict
from core import clock

GENERAL_BASIS = "《无锡市公共数据开放实施细则》（锡政规〔2024〕7号）"
REMEDY = (
    "如对本决定有异议，可自收到本决定书之日起十个工作日内向本机关提出；也可自收到本决定书之日起"
    "六十日内依法申请行政复议，或者六个月内依法提起行政诉讼。"
)


def requested(application: Application) -> dict[str, bool]:
    """Return the datasets of a case by code, with whether the providers left anything of each."""
    return {
        m.granted.dataset_code: bool(m.granted.fields) for m in merged_items(application.pk)
    }


def stated_conditions(verdicts: Mapping[str, Verdict]) -> list[Any]:
    """Return the conditions of all approved datasets as the agreement reads them."""
    return attached.statements(
        {c: v.conditions for c, v in verdicts.items() if v.result != verdict.REJECTED}
    )


def issue(
    application: Application,
    *,
    verdicts: Mapping[str, Verdict],
    departure_reason: str,
    at: datetime,
) -> Decision:
    """Write the next version of the decision with its rows, and store the letter."""
    assert application.decided_by is not None
    decision = Decision.objects.create(
        application=application,
        version=application.decisions.count() + 1,
        number=application.decision_number or "",
        result=application.decision_result,
        partial=application.partly_approved,
        reasons=application.decision_text,
        conditions=attached.texts(application.conditions),
        departure_reason=departure_reason,
        decided_by=application.decided_by,
        decided_at=at,
    )
    for item in application.items.select_related("dataset").order_by("dataset__code", "id"):
        own = verdicts[item.dataset.code]
        DecisionItem.objects.create(
            decision=decision,
            dataset=item.dataset,
            result=own.result,
            reasons=own.reasons,
            conditions=[attached.text_of(one) for one in own.conditions],
            departure_reason=own.departure_reason,
        )
        ApplicationItem.objects.filter(id=item.pk).update(result=own.result)
    content = documents.render_decision(_facts(application, decision, verdicts, at=at))
    papers.store(application, kind="DECISION", number=decision.number, content=content, at=at)
    return decision


def _facts(
    application: Application,
    decision: Decision,
    verdicts: Mapping[str, Verdict],
    *,
    at: datetime,
) -> documents.DecisionFacts:
    conclusion = application.committee_conclusion or {}
    assert application.accepted_at is not None
    signing = papers.deadline_lines(application, ["signing"], at=at)
    refused = decision.result == verdict.REJECTED
    return documents.DecisionFacts(
        issue=papers.issue_facts(application, number=decision.number, at=at),
        case=papers.case_facts(
            application, granted=None if refused else granted_scope(application.pk)
        ),
        accepted_on=clock.local_date(application.accepted_at),
        result=cast(Any, decision.result),
        partial=decision.partial,
        items=tuple(
            documents.DatasetDecision(
                code=code,
                result=cast(Any, own.result),
                reasons="" if own.reasons == decision.reasons else own.reasons,
                departure_reason=own.departure_reason,
            )
            for code, own in verdicts.items()
        ),
        legal_basis=(GENERAL_BASIS,),
        reasons=papers.plain_lines(decision.reasons),
        conditions=tuple(decision.conditions),
        minutes_number=str(conclusion.get("minutes_number", "")),
        committee_conclusion=_concluded(conclusion, list(verdicts)),
        departure_reason=decision.departure_reason,
        fast_lane=_fast_lane(application),
        sign_by=signing[0].due_on if signing else None,
        remedy=REMEDY,
    )


def _concluded(conclusion: Mapping[str, Any], codes: list[str]) -> str:
    own = conclusion.get("items") or {}
    everyone = bool(conclusion.get("passed"))
    passed = [c for c in codes if bool((own.get(c) or {}).get("passed", everyone))]
    if len(passed) in (0, len(codes)):
        return "同意" if passed else "不同意"
    others = [c for c in codes if c not in passed]
    return f"同意{'、'.join(passed)}，不同意{'、'.join(others)}"


def _fast_lane(application: Application) -> str:
    record = application.fast_lane
    if not record:
        return ""
    reasons = "；".join(str(text) for text in record["reasons"])
    return (
        f"本案适用免评审规则第{record['rule_version']}版（{record['legal_basis']}），"
        f"未经审查委员会评审，理由：{reasons}。"
    )
