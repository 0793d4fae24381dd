"""
The report of an evaluation, as JSON-LD in the words of the compliance report model. Pure.

docs/odrl.md describes its shape.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from contracts.odrl import values
from contracts.odrl.evaluate import DutyFinding, Evaluation, Finding, Premise
from contracts.odrl.vocabulary import DATADEED, DCT, ODRL, REPORT, XSD

CONTEXT: dict[str, Any] = {
    "@vocab": REPORT,
    "odrl": ODRL,
    "dct": DCT,
    "xsd": XSD,
    "id": "@id",
    "type": "@type",
    "created": {"@id": "dct:created", "@type": "xsd:dateTime"},
    "decision": f"{DATADEED}decision",
    "reason": f"{DATADEED}reason",
    **{
        name: {"@type": "@id"}
        for name in ("policy", "policyRequest", "rule", "ruleRequest", "constraint")
    },
    **{
        name: {"@type": "@vocab"}
        for name in ("activationState", "attemptState", "performanceState", "deonticState",
                     "satisfactionState", "constraintOperator", "constraintLogicalOperand")
    },
}  # fmt: skip


def report(evaluation: Evaluation, *, at: datetime) -> dict[str, Any]:
    """Return the report of an evaluation made at a moment."""
    return {
        "@context": CONTEXT,
        "type": "PolicyReport",
        "created": at.isoformat(),
        "policy": evaluation.policy.id,
        "policyRequest": evaluation.request.id,
        "decision": "Permit" if evaluation.permitted else "Deny",
        "reason": "; ".join(dict.fromkeys(one.reason for one in evaluation.decisions)),
        "ruleReport": [_finding(one) for one in evaluation.findings],
    }


def _finding(found: Finding) -> dict[str, Any]:
    state = {"activationState": "Active" if found.active else "Inactive"}
    if found.rule.kind == "Duty":
        [duty] = found.duties
        state |= {
            "performanceState": duty.state.performance,
            "deonticState": duty.state.deontic,
        }
    return {
        "type": f"{found.rule.kind}Report",
        "attemptState": "Attempted",
        "rule": found.rule.id,
        "ruleRequest": found.ask,
        **state,
        "reason": found.reason,
        "premiseReport": [_premise(one) for one in found.premises],
        "conditionReport": [
            _duty(one) for one in found.duties if found.rule.kind != "Duty"
        ],
    }


def _premise(found: Premise) -> dict[str, Any]:
    entry: dict[str, Any] = {"type": found.kind, "satisfactionState": str(found.satisfaction)}
    if found.reason:
        entry["reason"] = found.reason
    if found.kind == "ConstraintReport":
        entry["constraint"] = found.id
        if found.members:
            entry["constraintLogicalOperand"] = f"odrl:{found.operator}"
        else:
            entry["constraintOperator"] = f"odrl:{found.operator}"
            entry["constraintLeftOperand"] = [values.plain(one) for one in found.left]
            entry["constraintRightOperand"] = [values.plain(one) for one in found.right]
    if found.members:
        entry["premiseReport"] = [_premise(one) for one in found.members]
    return entry


def _duty(found: DutyFinding) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "type": "DutyReport",
        "rule": found.rule.id,
        "performanceState": found.state.performance,
        "deonticState": found.state.deontic,
        "reason": found.reason,
        "premiseReport": [_premise(one) for one in found.premises],
    }
    if found.failures:
        entry["conditionReport"] = [_duty(one) for one in found.failures]
    return entry
