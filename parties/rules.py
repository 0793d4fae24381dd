"""
The rules companies are held to, first versions. Configuration: the rows can get later versions.

Source: domain §3.2 (PartyProfile), docs/sources.md#companies. The legal basis is shown to people,
so it is Chinese.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from workflow.deadlines import Rule

_OWN = "系统默认规则，可按《无锡市公共数据开放实施细则》（锡政规〔2024〕7号）调整"

INVITATION_DAYS = "invitation_days"
VERIFICATION_DAYS = "verification_days"
REQUIRED_EVIDENCE = "required_evidence"
PROFILE_REVIEW = "profile_review"


@dataclass(frozen=True, slots=True)
class Default:
    """The first version of one rule; days are calendar days."""

    kind: str
    value: Any
    legal_basis: str


DEFAULTS = (
    Default(INVITATION_DAYS, 7, _OWN),
    Default(VERIFICATION_DAYS, 1095, _OWN),
    Default(REQUIRED_EVIDENCE, ["BUSINESS_LICENSE", "AUTHORIZATION_LETTER"], _OWN),
)

DEADLINES = (
    Rule(PROFILE_REVIEW, 5, "参照《中华人民共和国行政许可法》第三十二条申请材料审查时限；" + _OWN),
)
