"""What the review committee scores and when its conclusion counts. Pure. Source: domain §3.10."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from workflow.rounds import PanelRules

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
RULES = PanelRules(
    quorum_seats_min=5,
    presence_ratio="2/3",
    pass_ratio="2/3",  # noqa: S106 - a majority, not a password
    mean_score_min=75,
    criteria=CRITERIA,
)
VOTE_NAMES = {"FOR": _("In favor"), "AGAINST": _("Against"), "ABSTAIN": _("Abstention")}
