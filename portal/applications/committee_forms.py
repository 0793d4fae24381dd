"""The forms of the committee: panel, declaration, score sheet, meetings, roster, rules."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from applications.queries import PanelPage
from portal.applications.forms import area, boxes, radio
from portal.kit import Form

VOTES = (("FOR", _("In favor")), ("AGAINST", _("Against")), ("ABSTAIN", _("Abstention")))
SAME = ("", _("As on the whole"))
ROLES = (
    ("MEMBER", pgettext_lazy("seat", "Member")),
    ("EXPERT", pgettext_lazy("seat", "Expert")),
    ("VICE", pgettext_lazy("seat", "Vice chair")),
    ("CHAIR", pgettext_lazy("seat", "Chair")),
)


def day(label: Any, **kwargs: Any) -> forms.DateField:
    """Return a field for a day."""
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget, input_formats=["%Y-%m-%d"], **kwargs)


class InterestForm(Form):
    """The declaration of interests."""

    choice = forms.ChoiceField(
        label=_("Declaration"),
        choices=[
            ("none", _("No interest stands in the way")),
            ("conflict", _("I recuse myself")),
        ],
        widget=radio(),
    )
    conflict = area(
        _("Reason of the recusal"),
        rows=2,
        most=500,
        required=False,
        help_text=_("Needed when you recuse yourself."),
    )


class BallotForm(Form):
    """The score sheet and the vote, for the whole and where it differs for a dataset."""

    vote = forms.ChoiceField(label=_("Vote"), choices=VOTES, widget=radio())
    reason = area(_("Written reason"), rows=3, most=2_000)
    dissent = area(
        _("Dissenting opinion for the minutes"),
        rows=2,
        most=2_000,
        required=False,
        help_text=_("Only if you want it recorded, whatever the panel concludes."),
    )

    def __init__(self, *args: Any, panel: PanelPage, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sheet: dict[str, forms.Field] = {}
        for c in panel.criteria:
            number = forms.NumberInput(attrs={"data-points": "", "inputmode": "numeric"})
            sheet[f"score_{c.key}"] = forms.IntegerField(
                label=f"{c.title}（0–{c.most}）", min_value=0, max_value=c.most, widget=number
            )
            sheet[f"reason_{c.key}"] = area(
                _("Reason for %(title)s") % {"title": c.title},
                rows=2,
                most=1_000,
                required=False,
                help_text=_("Needed below %(points)s points.") % {"points": c.reason_below},
            )
        last = {name: self.fields[name] for name in ("reason", "dissent")}
        items = {
            f"item_{d.code}": forms.ChoiceField(
                label=f"{d.code} {d.title}", choices=[SAME, *VOTES], required=False
            )
            for d in panel.datasets
            if len(panel.datasets) > 1
        }
        self.fields = {**sheet, "vote": self.fields["vote"], **items, **last}

    def ballot(self) -> dict[str, Any]:
        """Return the ballot as the action takes it."""
        data = self.cleaned_data
        return {
            "vote": data["vote"],
            "scores": _named(data, "score_"),
            "reason": data["reason"],
            "criterion_reasons": {k: v for k, v in _named(data, "reason_").items() if v},
            "votes": {k: v for k, v in _named(data, "item_").items() if v},
            "dissent": data["dissent"],
        }


def sheet_of(data: Any) -> dict[str, str]:
    """Return what stands in an unfinished sheet, entry by entry, as it was typed."""
    known = ("vote", "reason", "dissent")
    return {
        name: str(value)
        for name, value in data.items()
        if name in known or name.partition("_")[0] in ("score", "reason", "item")
    }


def initial_of(content: dict[str, Any]) -> dict[str, Any]:
    """Return the entries of a sheet from a kept draft, or from a ballot of an earlier sitting."""
    if "scores" not in content:
        return content
    entries = {name: content.get(name, "") for name in ("vote", "reason", "dissent")}
    for prefix, key in (
        ("score_", "scores"),
        ("reason_", "criterion_reasons"),
        ("item_", "votes"),
    ):
        entries |= {f"{prefix}{name}": value for name, value in content.get(key, {}).items()}
    return entries


class ConcludeForm(Form):
    """What the committee proposes to attach."""

    conditions = area(_("Conditions to propose, one a line"), rows=3, required=False)


class PanelForm(Form):
    """Who sits on the panel, and who leads it."""

    members = forms.MultipleChoiceField(label=_("Members"), widget=boxes())
    chair = forms.ChoiceField(label=_("Chair"))

    def __init__(self, *args: Any, candidates: tuple[Any, ...] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        free = [c for c in candidates if not c.barred]
        named = [(c.id, f"{c.full_name}（{c.role_name}）") for c in free]
        self.fields["members"].choices = named  # type: ignore[attr-defined]
        self.fields["chair"].choices = [  # type: ignore[attr-defined]
            (c.id, c.full_name) for c in free if c.is_chair
        ]


class OnePersonForm(Form):
    """One person, to be seated as a substitute or to preside."""

    member = forms.ChoiceField(label=_("Person"))

    def __init__(
        self, *args: Any, people: tuple[tuple[str, str], ...] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["member"].choices = people  # type: ignore[attr-defined]


class ReasonForm(Form):
    """A stated reason."""

    reason = area(_("Reason"), rows=2, most=300)


class SignForm(Form):
    """The hash of the text that was read."""

    content_hash = forms.CharField(widget=forms.HiddenInput, max_length=64)


class MeetingForm(Form):
    """When and where a meeting takes place."""

    planned_at = forms.DateTimeField(
        label=_("Time"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
    )
    place = forms.CharField(label=_("Room, or link of an online meeting"), max_length=120)
    online = forms.BooleanField(label=_("Online meeting"), required=False)


class AppointForm(Form):
    """One appointment."""

    member = forms.ChoiceField(label=_("Person"))
    role = forms.ChoiceField(label=_("Role"), choices=ROLES)
    basis = forms.CharField(label=_("Paper of the appointment"), max_length=200)
    from_on = day(_("In office from"))
    until_on = day(_("In office until"), required=False)

    def __init__(
        self, *args: Any, people: tuple[tuple[str, str], ...] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["member"].choices = people  # type: ignore[attr-defined]


class RosterForm(Form):
    """The name of a new roster."""

    name = forms.CharField(label=_("Name of the roster"), max_length=60)


class DissolveForm(Form):
    """The reason of a dissolution, and that its effect was read."""

    reason = forms.CharField(
        label=_("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 3})
    )
    confirm = forms.BooleanField(label=_("I have read what ends, and dissolve the roster."))


class RuleForm(Form):
    """A proposed version of the rules; the sheet is one criterion a line."""

    kind = forms.ChoiceField(
        label=_("Panel"),
        choices=[
            ("REVIEW", pgettext_lazy("panel", "Review of an application")),
            ("OBJECTION", pgettext_lazy("panel", "Review of an objection")),
        ],
    )
    criteria = area(
        _("Criteria, one a line: key, title, points, reason below"),
        rows=6,
        help_text=_("For example: necessity, 必要性, 20, 12. The points add up to 100."),
    )
    quorum_seats_min = forms.IntegerField(label=_("Quorum in members"), min_value=1, max_value=99)
    presence_ratio = forms.CharField(label=_("Share who must be present"), max_length=9)
    pass_ratio = forms.CharField(label=_("Share of votes to pass"), max_length=9)
    mean_score_min = forms.DecimalField(
        label=_("Mean score to pass"), min_value=0, max_value=100, decimal_places=2
    )
    weights = forms.CharField(
        label=_("Votes per role: chair, vice chair, member, expert"), max_length=20
    )
    tie_rule = forms.ChoiceField(
        label=_("Tie"),
        choices=[
            ("REJECT", pgettext_lazy("tie", "A tie rejects")),
            ("CHAIR_DECIDES", pgettext_lazy("tie", "The chair's vote decides")),
            ("REVOTE", pgettext_lazy("tie", "A second sitting votes anew")),
        ],
    )
    abstentions_count = forms.BooleanField(label=_("Abstentions count as votes"), required=False)
    veto_criterion = forms.CharField(
        label=_("Criterion with a veto"), max_length=40, required=False
    )
    veto_below = forms.IntegerField(
        label=_("Veto below a mean of"), min_value=0, max_value=100, required=False
    )
    panel_needed = forms.BooleanField(
        label=_("An objection needs a new panel"), required=False, initial=True
    )
    legal_basis = forms.CharField(label=_("Legal basis"), max_length=300)
    effective_on = day(_("In force from"))

    def clean_criteria(self) -> list[dict[str, Any]]:
        """Return the sheet as rows."""
        rows = []
        for line in self.cleaned_data["criteria"].splitlines():
            parts = [p.strip() for p in line.replace("，", ",").split(",")]
            if not line.strip():
                continue
            if len(parts) != 4 or not all(p.isdecimal() for p in parts[2:]):
                raise forms.ValidationError(_("A line has a key, a title and two whole numbers."))
            rows.append(
                {
                    "key": parts[0],
                    "title": parts[1],
                    "most": int(parts[2]),
                    "reason_below": int(parts[3]),
                }
            )
        return rows

    def clean_weights(self) -> dict[str, int]:
        """Return the weights by role."""
        parts = [p.strip() for p in self.cleaned_data["weights"].replace("，", ",").split(",")]
        if len(parts) != 4 or not all(p.isdecimal() and len(p) < 3 for p in parts):
            raise forms.ValidationError(_("Four whole numbers, e.g. 1, 1, 1, 1."))
        return dict(zip(("CHAIR", "VICE", "MEMBER", "EXPERT"), map(int, parts), strict=True))


def _named(data: dict[str, Any], prefix: str) -> dict[str, Any]:
    return {k.removeprefix(prefix): v for k, v in data.items() if k.startswith(prefix)}
