"""Work on a case beside its steps: who has it, comments, what was read, the correction list."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import View

from applications import actions, labels, queries
from core.errors import DomainError, Forbidden, InvalidInput
from parties import queries as parties
from parties.roles import Role
from portal.applications import deskforms
from portal.applications.common import OfCase
from portal.kit import ActionView, ActView, Form, SignedIn, crumb

# Empty rows below the points that stand on the list already.
DEFECT_ROWS = 6
COLUMNS = ("section", "item", "problem", "required")


class Press(ActView):
    """A button; a refusal says in one sentence what a form would say at its fields."""

    def act(self) -> str:
        """Call one action; return the message of what was done."""
        raise TypeError(f"{type(self).__name__} does not say what it does")

    def perform(self) -> str:
        """Act."""
        try:
            return self.act()
        except InvalidInput as error:
            if not error.fields:
                raise
            raise InvalidInput(" ".join(str(text) for text in error.fields.values())) from error


class OnCase(OfCase, Press):
    """A button on a case, back to the place on the page where it was pressed."""

    def get_success_url(self) -> str:
        """Return to the case, at the section named in the form."""
        address = reverse("portal:application", args=[self.case_id])
        show, place = self.request.POST.get("show", ""), self.request.POST.get("at", "")
        query = f"?{urlencode({'show': show})}" if show else ""
        return f"{address}{query}{f'#{place}' if place.replace('-', '').isalnum() else ''}"


class TakeOver(OnCase):
    """Take the case onto one's own desk."""

    def act(self) -> str:
        """Take it from whoever the page showed."""
        actions.take_over(
            application_id=self.case_id,
            from_person_id=self.request.POST.get("holder", ""),
            reason=self.request.POST.get("reason", ""),
            actor=self.request.user,
            at=self.at,
        )
        return _("The case is on your desk.")


class Assign(OnCase):
    """Give the case to a colleague."""

    def act(self) -> str:
        """Give it."""
        actions.assign_case(
            application_id=self.case_id,
            person_id=self.request.POST.get("person", ""),  # type: ignore[arg-type]
            actor=self.request.user,
            at=self.at,
        )
        return _("The case is assigned, and the colleague is told.")


class HandBack(OnCase):
    """Hand the case back to the desk."""

    def act(self) -> str:
        """Hand it back."""
        actions.hand_back(application_id=self.case_id, actor=self.request.user, at=self.at)
        return _("The case is back with the whole desk.")


class Leave(ActionView):
    """Have a colleague stand in for a leave."""

    area = "applications"
    title = gettext_lazy("Stand-in for leave")
    template_name = "portal/applications/casework/leave.html"
    form_class = deskforms.LeaveForm
    submit_label = gettext_lazy("Delegate")

    def get_crumbs(self) -> Any:
        """Return the way back to the desk."""
        return crumb(_("Acceptance desk"), "portal:application_desk"), crumb(self.title)

    def get_form(self, form_class: Any = None) -> Any:
        """Offer the colleagues of the desk."""
        if not parties.has_role(self.request.user, Role.AUTHORITY_CASE):
            raise Forbidden
        form = super().get_form(form_class)
        colleagues = queries.colleagues_of(actor=self.request.user)
        form.fields["delegate_id"].choices = [(str(c.id), c.full_name) for c in colleagues]
        return form

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the delegations that run or are to come."""
        context = super().get_context_data(**kwargs)
        context["delegations"] = queries.delegations(actor=self.request.user, at=self.at)
        return context

    def perform(self, form: Any) -> str:
        """Delegate."""
        actions.delegate_for_leave(actor=self.request.user, at=self.at, **form.cleaned_data)
        return _("The colleague stands in for you on these days.")

    def get_success_url(self) -> str:
        """Return to the list."""
        return reverse("portal:application_leave")


class EndLeave(ActView):
    """Come back early."""

    def perform(self) -> str:
        """End it."""
        actions.end_delegation(
            delegation_id=self.kwargs["pk"], actor=self.request.user, at=self.at
        )
        return _("The delegation has ended.")

    def get_success_url(self) -> str:
        """Return to the list."""
        return reverse("portal:application_leave")


class Comment(OnCase):
    """Say something about one entry; refused words are kept as a draft."""

    def act(self) -> str:
        """Store it; whatever the applicant will read is confirmed first."""
        posted = self.request.POST
        audience = posted.get("audience", "internal")
        section, item = posted.get("section", ""), posted.get("item", "")
        try:
            if audience == "applicant" and not posted.get("confirm"):
                raise InvalidInput(_("Confirm that the applicant will read this."))
            actions.add_comment(
                application_id=self.case_id,
                section=section,
                item=item,
                text=posted.get("text", ""),
                required=posted.get("required", ""),
                for_applicant=audience == "applicant",
                is_defect=audience == "defect",
                actor=self.request.user,
                at=self.at,
            )
        except DomainError:
            keep_words(self, place=f"comment:{section}:{item}", text=posted.get("text", ""))
            raise
        if audience == "defect":
            return _("The defect is on the correction list.")
        return _("The comment is noted.")


class Reply(Press):
    """Answer a comment."""

    def act(self) -> str:
        """Store the answer."""
        actions.reply_to_comment(
            comment_id=self.kwargs["pk"],
            text=self.request.POST.get("text", ""),
            actor=self.request.user,
            at=self.at,
        )
        return _("The comment is noted.")

    def get_success_url(self) -> str:
        """Return to the thread."""
        case_id, section, _item = queries.comment_place(
            comment_id=self.kwargs["pk"], actor=self.request.user
        )
        return f"{reverse('portal:application', args=[case_id])}#section-{section}"


class Resolve(Reply):
    """Close a thread or open it again."""

    def act(self) -> str:
        """Close or open it."""
        resolved = self.request.POST.get("resolved") != "0"
        actions.resolve_comment(
            comment_id=self.kwargs["pk"], resolved=resolved, actor=self.request.user, at=self.at
        )
        return _("The thread is closed.") if resolved else _("The thread is open again.")


class Mark(OnCase):
    """Mark a section as read."""

    def act(self) -> str:
        """Mark it, or take the mark back."""
        actions.mark_section(
            application_id=self.case_id,
            section=self.request.POST.get("section", ""),
            seen=self.request.POST.get("seen") == "1",
            actor=self.request.user,
            at=self.at,
        )
        return ""


class KeepWords(SignedIn, View):
    """Keep what somebody has begun to write; asked by the page itself, so there is no answer."""

    http_method_names = ["post", "options"]

    def post(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Keep it."""
        actions.save_opinion_draft(
            application_id=pk,
            place=request.POST.get("place", ""),
            text=request.POST.get("text", ""),
            actor=request.user,
            at=self.at,
        )
        return HttpResponse(status=204)


class Return(OfCase, ActionView):
    """The one-shot correction list: add, order, preview as the applicant will see it, send once."""

    heading = gettext_lazy("Return for correction")
    template_name = "portal/applications/return.html"
    form_class = Form
    submit_label = gettext_lazy("Issue the correction notice")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the points of the list and empty rows, or those just sent."""
        context = super().get_context_data(**kwargs)
        content = {"answers": True} if self._has_more() else {}
        context["section_choices"] = [
            (key, labels.section_title(key)) for key in labels.sections_of(content)
        ]
        listed = queries.correction_list(application_id=self.case_id, actor=self.request.user)
        context["rows"] = self._posted() or [
            *(
                {
                    "id": point.id,
                    "section": point.section,
                    "item": point.label,
                    "problem": point.text,
                    "required": point.required,
                }
                for point in listed
            ),
            *({} for _row in range(DEFECT_ROWS)),
        ]
        context["listed"] = listed
        context["preview"] = "preview" in self.request.GET and bool(listed)
        return context

    def perform(self, form: Any) -> str:
        """Keep the list, show it, or issue the notice."""
        points = [row for row in self._ordered() if any(row[name] for name in COLUMNS[1:])]
        wanted = self.request.POST.get("act", "send")
        act = actions.send_correction_list if wanted == "send" else actions.save_correction_list
        act(application_id=self.case_id, points=points, actor=self.request.user, at=self.at)
        if wanted == "send":
            return _("The correction notice is issued. The clock of the applicant runs.")
        return "" if wanted == "preview" else _("The list is kept. Nothing was sent.")

    def get_success_url(self) -> str:
        """Stay on the list until it is sent."""
        wanted = self.request.POST.get("act", "send")
        if wanted == "send":
            return super().get_success_url()
        address = reverse("portal:application_return", args=[self.case_id])
        return f"{address}?preview=1#preview" if wanted == "preview" else address

    def _has_more(self) -> bool:
        view = queries.desk_view(application_id=self.case_id, actor=self.request.user)
        return view is not None and any(s.key == "answers" for s in view.sections)

    def _posted(self) -> list[dict[str, Any]]:
        posted = self.request.POST
        numbers = {
            int(name.rpartition("-")[2])
            for name in posted
            if name.startswith("problem-") and name.rpartition("-")[2].isdecimal()
        }
        rows = []
        for number in sorted(numbers):
            row = {name: posted.get(f"{name}-{number}", "").strip() for name in COLUMNS}
            known, order = posted.get(f"id-{number}", ""), posted.get(f"order-{number}", "")
            # A section is always chosen; a row counts when something is written in it.
            written = any(row[name] for name in COLUMNS[1:])
            kept: dict[str, Any] = row if written else dict.fromkeys(COLUMNS, "")
            kept["id"] = int(known) if known.isdecimal() and len(known) < 18 else None
            kept["order"] = int(order) if order.isdecimal() and len(order) < 6 else number + 1
            rows.append(kept)
        return rows

    def _ordered(self) -> list[dict[str, Any]]:
        return sorted(self._posted(), key=lambda row: row["order"])


def keep_words(page: Any, *, place: str, text: str) -> None:
    """Keep refused words as a draft, so that nothing that was typed is lost."""
    try:
        actions.save_opinion_draft(
            application_id=page.case_id,
            place=place,
            text=text,
            actor=page.request.user,
            at=page.at,
        )
    except DomainError:
        # The refusal that is on its way says what is wrong; a case that cannot be seen keeps none.
        return

