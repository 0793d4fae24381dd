"""Evaluations: report, verify, score, rectify."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from oversight import actions
from oversight.queries.evaluations import REPORT_TOPICS
from portal.kit import ActionView, ActView, PageView
from portal.oversight import forms
from portal.oversight.common import OfEvaluation, Step, buttons

STEPS = {
    "open_report": Step(
        gettext_lazy("Open the evaluation now"), "evaluation_open", "", post=True,
        confirm=gettext_lazy("Open this evaluation before its day?"),
    ),
    "report": Step(gettext_lazy("Submit the self-report"), "evaluation_report"),
    "verify_report": Step(gettext_lazy("Confirm the self-report"), "evaluation_verify", post=True),
    "return_report": Step(gettext_lazy("Return the self-report"), "evaluation_return", ""),
    "score": Step(gettext_lazy("Score"), "evaluation_score"),
    "recheck": Step(gettext_lazy("Score again"), "evaluation_score"),
    "report_rectification": Step(gettext_lazy("Report the rectification"), "evaluation_rectify"),
}  # fmt: skip


class EvaluationPage(OfEvaluation, PageView):
    """One evaluation: reports, figures of the meter, points, result."""

    template_name = "portal/oversight/evaluation.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the buttons."""
        context = super().get_context_data(**kwargs)
        context["buttons"] = buttons(STEPS, self.subject.offers, pk=self.kwargs["pk"])
        return context


class Open(OfEvaluation, ActView):
    """Open an evaluation before its day."""

    def perform(self) -> str:
        """Open it."""
        actions.open_evaluation(
            evaluation_id=self.kwargs["pk"], actor=self.request.user, at=self.at
        )
        return _("The self-report is asked for.")


class Report(OfEvaluation, ActionView):
    """The licensee's self-report."""

    heading = gettext_lazy("Self-report")
    template_name = "portal/oversight/act.html"
    form_class = forms.SelfReportForm
    submit_label = gettext_lazy("Submit the self-report")
    topics: tuple[str, ...] = REPORT_TOPICS
    extra_context = {
        "hint": gettext_lazy("The figures of use come from the meter; say what they mean.")
    }

    def get_form_kwargs(self) -> dict[str, Any]:
        """Ask for the topics."""
        return super().get_form_kwargs() | {"topics": self.topics}

    def perform(self, form: Any) -> str:
        """Submit it."""
        actions.submit_self_report(
            evaluation_id=self.kwargs["pk"],
            content=form.cleaned_data,
            actor=self.request.user,
            at=self.at,
        )
        return _("The self-report is submitted.")


class Rectify(Report):
    """The licensee's report on what it put right."""

    heading = gettext_lazy("Rectification report")
    submit_label = gettext_lazy("Report the rectification")
    topics = ("rectified",)
    extra_context = {"hint": gettext_lazy("Answer point by point what was listed.")}

    def perform(self, form: Any) -> str:
        """Submit it."""
        actions.submit_rectification(
            evaluation_id=self.kwargs["pk"],
            content=form.cleaned_data,
            actor=self.request.user,
            at=self.at,
        )
        return _("The rectification is reported.")


class Verify(OfEvaluation, ActView):
    """Confirm a self-report."""

    def perform(self) -> str:
        """Confirm it."""
        actions.verify_self_report(
            evaluation_id=self.kwargs["pk"], actor=self.request.user, at=self.at
        )
        return _("The self-report is confirmed.")


class Return(OfEvaluation, ActionView):
    """Give a self-report back."""

    heading = gettext_lazy("Return the self-report")
    template_name = "portal/oversight/act.html"
    form_class = forms.ReasonForm
    submit_label = gettext_lazy("Return the self-report")

    def perform(self, form: Any) -> str:
        """Return it."""
        actions.return_self_report(
            evaluation_id=self.kwargs["pk"],
            reason=form.cleaned_data["reason"],
            actor=self.request.user,
            at=self.at,
        )
        return _("The self-report is returned.")


class Score(OfEvaluation, ActionView):
    """Points for every indicator, beside the figures of the meter."""

    heading = gettext_lazy("Score the evaluation")
    template_name = "portal/oversight/score.html"
    form_class = forms.ScoreForm
    submit_label = gettext_lazy("Score and conclude")

    def get_form_kwargs(self) -> dict[str, Any]:
        """Ask for the indicators of the agreement."""
        return super().get_form_kwargs() | {"scores": self.subject.scores}

    def perform(self, form: Any) -> str:
        """Score it."""
        clean = form.cleaned_data
        done = actions.score_evaluation(
            evaluation_id=self.kwargs["pk"],
            points=form.points(),
            remarks=clean["remarks"],
            rectifications=forms.lines(clean["rectifications"]),
            actor=self.request.user,
            at=self.at,
        )
        return _("The evaluation is scored: %(total)s points, %(result)s.") % {
            "total": done.total,
            "result": done.get_state_display(),
        }
