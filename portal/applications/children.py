"""The button that begins an amendment or a renewal."""

from __future__ import annotations

from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from applications import actions
from portal.applications.common import OfCase
from portal.kit import ActView


class Begin(OfCase, ActView):
    """Begin a child case of a granted one."""

    child_id: UUID

    def perform(self) -> str:
        """Begin it; the draft holds what was granted."""
        child = actions.begin_child(
            application_id=self.case_id,
            kind=self.request.POST.get("kind", ""),
            actor=self.request.user,
            at=self.at,
        )
        self.child_id = child.pk
        return _("The draft holds what was granted. Check it and sign the commitments.")

    def get_success_url(self) -> str:
        """Go on to the task list of the new draft."""
        return reverse("portal:application_tasks", args=[self.child_id])
