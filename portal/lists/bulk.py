"""Several cases of the desk at once: choose, look, confirm, read what became of each."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView, View

from applications import actions, queries
from applications.actions.bulk import BULK, SEVERAL_MAX, Chosen
from applications.queries.several import ChosenRow, chosen_cases, ids_that_fit
from core import sheets
from core.errors import Forbidden, InvalidInput
from parties import queries as parties
from parties.roles import Role
from portal.kit import Crumb, SignedIn, crumb, document_response
from portal.lists.places import place

SEAL, SEAL_AGE_MAX = "several.results", timedelta(hours=12)


class Several(SignedIn, TemplateView):
    """
    What was ticked (``row``) or everything that fits (``everything`` and ``query``). A row is the
    id of a case, and on the second way, after a colon, who had it.

    The first POST shows the cases and asks what to do; the second, with ``act``, does it and says
    case by case what became of it. Each case remembers who had it when the person looked.
    """

    title = gettext_lazy("Several cases at once")
    template_name = "portal/lists/several.html"
    http_method_names = ["get", "post", "options"]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Lead a reloaded address to the desk."""
        return redirect(place("desk"))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the chosen cases, or act on them."""
        if not parties.has_role(request.user, Role.AUTHORITY_CASE):
            raise Forbidden
        query = request.POST.get("query", "")[:500]
        rows = self._rows(query)
        context = self.get_context_data(
            rows=rows, query=query, back=place("desk", query), acts=list(BULK.values())
        )
        context["colleagues"] = queries.colleagues_of(actor=request.user)
        context["left_out"] = max(0, context["asked"] - len(rows))
        if not rows or self.asked > SEVERAL_MAX:
            context["problem"] = (
                _("At most 500 cases at once. Narrow the list by a filter.")
                if rows
                else _("Choose at least one case.")
            )
            return self.render_to_response(context | {"rows": ()}, status=422)
        if request.POST.get("act"):
            return self._act(rows, context)
        return self.render_to_response(context)

    def get_crumbs(self) -> tuple[Crumb, ...]:
        """Return the way back to the desk."""
        return crumb(_("Acceptance desk"), "portal:application_desk"), crumb(self.get_title())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add how many cases were asked for."""
        context = super().get_context_data(**kwargs)
        context["asked"] = self.asked
        return context

    def _rows(self, query: str) -> tuple[ChosenRow, ...]:
        user = self.request.user
        sent = self.request.POST.getlist("row")[: SEVERAL_MAX + 1]
        self.seen = dict(one.split(":", 1) for one in sent if ":" in one)
        ids = [one.split(":", 1)[0] for one in sent]
        if self.request.POST.get("everything"):
            tab = parse_qs(query).get("tab", ["new"])[0]
            ids = ids_that_fit(
                tab=tab, query=query, most=SEVERAL_MAX + 1, actor=user, at=self.at
            )
        self.asked = len(ids)
        return chosen_cases(ids=ids, actor=user, at=self.at)

    def _act(self, rows: tuple[ChosenRow, ...], context: dict[str, Any]) -> HttpResponse:
        sent = self.request.POST
        name = sent.get("act", "")
        # Who had a case is what the person saw, not what stands there now.
        chosen = [Chosen(r.id, self.seen.get(str(r.id), r.holder_id)) for r in rows]
        try:
            results = actions.act_on_several(
                name=name,
                chosen=chosen,
                said={"person": sent.get("person", ""), "reason": sent.get("reason", "")},
                actor=self.request.user,
                at=self.at,
            )
        except InvalidInput as error:
            context["problem"] = "; ".join(map(str, error.fields.values())) or str(error)
            return self.render_to_response(context, status=422)
        problems = {result.id: result.problem for result in results}
        context["results"] = [(row, problems[row.id]) for row in rows]
        context["failed"] = sum(1 for problem in problems.values() if problem)
        context["done"] = len(rows) - context["failed"]
        context["act"] = BULK[name]
        lines = [[r.number, r.scenario_name, problems[r.id] or _("Done")] for r in rows]
        told = {"for": str(self.request.user.pk), "act": str(BULK[name].title), "lines": lines}
        # The page carries its own file, sealed, so that nothing need be kept for it.
        context["told"] = signing.dumps(told, salt=SEAL, compress=True)
        return self.render_to_response(context)


class Results(SignedIn, View):
    """What became of each case as a file, from what the page of the results carries."""

    http_method_names = ["post", "options"]

    def post(self, request: HttpRequest) -> HttpResponse:
        """Return the file; only what was told to this person a short while ago is taken."""
        try:
            told = signing.loads(request.POST.get("told", ""), salt=SEAL, max_age=SEAL_AGE_MAX)
        except signing.BadSignature:
            told = {}
        if told.get("for") != str(request.user.pk):
            raise InvalidInput(_("These results are not at hand any more."))
        headings = [sheets.Heading(_(t)) for t in ("Number", "Scenario", "Result")]
        content = sheets.comma_separated(headings=headings, rows=told["lines"])
        return document_response(content, f"{told['act']}.csv", "text/csv; charset=utf-8")
