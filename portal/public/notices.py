"""Public notices: which violation, which measure, for how long. Open to everyone."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import gettext_lazy as _
from django.views.generic import View

from oversight import queries
from portal.kit import OpenToAll, Pagination, PublicPageView, crumb, document_response
from portal.templatetags.datadeed import cn_date, uscc


class Notices(PublicPageView):
    """Open to all: clause A15 asks for publication of acts and measures."""

    area = "public"
    template_name = "portal/public/notices.html"
    title = _("Public notices")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the notices published now."""
        context = super().get_context_data(**kwargs)
        number = self.request.GET.get("page", "1")
        found = queries.public_notices(
            at=self.at,
            page=int(number) if number.isdecimal() and len(number) < 6 else 1,
            text=self.request.GET.get("q", ""),
        )
        context["notices"] = found.rows
        context["text"] = self.request.GET.get("q", "")
        context["page"] = Pagination(found.page, found.pages, found.total)
        return context


class Notice(PublicPageView):
    """Open to all: the address of a notice stays; once taken off it says only that."""

    area = "public"
    template_name = "portal/public/notice.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the notice."""
        self.notice = queries.public_notice(notice_id=self.kwargs["pk"], at=self.at)
        context = super().get_context_data(**kwargs)
        context["notice"] = self.notice
        context["facts"] = _facts(self.notice)
        return context

    def get_title(self) -> Any:
        """Name the notice by its number."""
        return self.notice.number

    def get_crumbs(self) -> Any:
        """Return the way back to the list."""
        return (crumb(_("Public notices"), "portal:notices"), crumb(self.notice.number))


class NoticeDocument(OpenToAll, View):
    """Open to all: the notice as a paper to print."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Return the PDF while the notice is published."""
        number, content = queries.notice_document(notice_id=kwargs["pk"], at=self.at)
        return document_response(content, f"{number}.pdf", "application/pdf", inline=True)


def _facts(notice: queries.NoticeRow) -> tuple[tuple[Any, Any], ...]:
    return (
        (_("Party"), notice.party_name),
        (_("Unified social credit code"), uscc(notice.party_uscc)),
        (_("Licenses"), "、".join(notice.license_numbers)),
        (_("Datasets"), "、".join(notice.datasets)),
        (_("Kind of violation"), notice.code_name),
        (_("Rule broken"), notice.rule_article),
        (_("Number of the decision"), notice.decision_number),
        (_("Decided and published by"), notice.authority_name),
        (
            _("Publication period"),
            f"{cn_date(notice.publish_from)} – {cn_date(notice.publish_to)}",
        ),
    )


urlpatterns = [
    path("notices/", Notices.as_view(), name="notices"),
    path("notices/<uuid:pk>/", Notice.as_view(), name="notice"),
    path("notices/<uuid:pk>/document/", NoticeDocument.as_view(), name="notice_document"),
]
