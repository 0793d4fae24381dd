"""Who in a department drafts an opinion. Source: domain T05."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from applications import topics
from applications.actions.access import lock_branch
from applications.models import ProviderBranch
from core.errors import Forbidden, InvalidInput, NotAllowedNow
from notify import actions as notify
from parties import queries as parties
from parties.roles import Role
from workflow import audit, policy, transitions

STATES = (ProviderBranch.State.OPEN, ProviderBranch.State.DRAFTED)


@transitions.action
def delegate_branch(
    *, branch_id: UUID, to: Any, actor: Any, at: datetime
) -> ProviderBranch:
    """
    Give an opinion to one data officer of the department, or back to the whole desk.

    ``to`` is a person or an id, empty for the whole desk. The leader or an officer may do it, also
    to take over from somebody who is away; only whoever has it can draft.

    :raises InvalidInput: the person is no data officer of this department.
    :raises NotAllowedNow: the opinion is confirmed or closed.
    :raises Forbidden: the actor has no desk in the department.
    Source: domain T05.
    """
    branch = lock_branch(branch_id=branch_id, actor=actor)
    rights = ("applications.draft_opinion", "applications.confirm_opinion")
    if not any(policy.holds(actor, right, branch) for right in rights):
        raise Forbidden
    if branch.state not in STATES:
        raise NotAllowedNow
    officers = {
        str(p.pk): p for p in parties.people_at(branch.provider, Role.PROVIDER_OFFICER)
    }
    chosen = str(getattr(to, "pk", to) or "")
    if chosen and chosen not in officers:
        raise InvalidInput(fields={"to": _("Choose a data officer of your department.")})
    before, branch.assignee = branch.assignee, officers.get(chosen)
    branch.save()
    audit.record(
        branch,
        "delegate_branch",
        actor=actor,
        at=at,
        facts={"from": str(before.pk) if before else "", "to": chosen},
    )
    if branch.assignee is not None and branch.assignee != actor:
        notify.tell(
            people=[branch.assignee],
            subject=f"申请{branch.application.number}的部门意见由您经办",
            link=reverse("portal:application_branch", args=[branch.pk]),
            topic=topics.CASEWORK,
            key=f"applications.delegated.{branch.pk}.{at.isoformat()}",
            at=at,
        )
    return branch
