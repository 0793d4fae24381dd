"""What the review committee scores and when its conclusion counts. Pure. Source: domain §3.10."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

REVIEW, OBJECTION = "REVIEW", "OBJECTION"

CRITERIA = {
    "necessity": 20,
    "purpose_legality": 20,
    "security_capability": 30,
    "minimal_scope": 20,
    "benefit": 10,
}
CRITERION_NAMES = {
    "necessity": _("Necessity"),
    "purpose_legality": _("Legality of the purpose"),
    "security_capability": _("Security capability"),
    "minimal_scope": _("Minimal scope"),
    "benefit": _("Benefit"),
}
# The titles of the sheet as papers print them.
TITLES = {
    "necessity": "必要性",
    "purpose_legality": "用途合法性",
    "security_capability": "安全保障能力",
    "minimal_scope": "最小范围",
    "benefit": "预期效益",
}
VOTE_NAMES = {"FOR": _("In favor"), "AGAINST": _("Against"), "ABSTAIN": _("Abstention")}
SEAT_NAMES = {
    "CHAIR": _("Presides"),
    "VICE": pgettext_lazy("seat", "Vice chair"),
    "MEMBER": pgettext_lazy("seat", "Member"),
    "EXPERT": pgettext_lazy("seat", "Expert"),
}
# Below this share of the points a criterion needs a written reason.
REASON_SHARE_PERCENT = 60

_BASIS = (
    "系统默认评审规则，可按《无锡市公共数据开放实施细则》（锡政规〔2024〕7号）和审查委员会议事规则调整"
)
_COMMON: Mapping[str, Any] = {
    "criteria": [
        {
            "key": key,
            "title": TITLES[key],
            "most": most,
            "reason_below": most * REASON_SHARE_PERCENT // 100,
        }
        for key, most in CRITERIA.items()
    ],
    "presence_ratio": "2/3",
    "pass_ratio": "2/3",
    "mean_score_min": "75.00",
    "weights": {"CHAIR": 1, "VICE": 1, "MEMBER": 1, "EXPERT": 1},
    "tie_rule": "REJECT",
    "abstentions_count": True,
    "panel_needed": True,
    "legal_basis": _BASIS,
}
# The versions an installation begins with. A panel on an objection may be smaller.
BASELINE: Mapping[str, Mapping[str, Any]] = {
    REVIEW: {**_COMMON, "quorum_seats_min": 5},
    OBJECTION: {**_COMMON, "quorum_seats_min": 3},
}
