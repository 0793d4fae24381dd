"""The timeline of a case: what each side reads of it, and in whose name."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from applications.models import Application
from parties.models import Desk
from workflow import history
from workflow.history import TimelineEntry

# What the committee does among itself; the applicant reads its result in the decision.
PANEL_ACTS = frozenset(
    {
        "vote",
        "cast_ballot",
        "recuse",
        "declare_no_interest",
        "open_round",
        "seat_panel",
        "conclude_round",
        "adjourn_round",
        "leave_panel",
        "close_panel",
        "sign_minutes",
        "seat_objection_panel",
        "vote_on_objection",
        "close_objection_panel",
        "sign_objection_minutes",
        "recommend_on_objection",
    }
)
# What the office does among itself: who has the case, what it notes, whom it asks.
OFFICE_ACTS = frozenset(
    {
        "take_over",
        "assign_case",
        "hand_back",
        "add_comment",
        "resolve_comment",
        "reopen_comment",
        "edit_corrections",
        "add_remark",
        "ask_opinion",
        "give_opinion",
        "decline_opinion",
        "recall_opinion",
        "assign_reference",
        "ask_extension",
        "refuse_extension",
        "escalate_clock",
    }
)
# Each ballot is on record twice: as the step and as the act of the panel. That a copy was begun is
# the applicant's own affair until it is submitted.
UNSEEN_BY_OFFICIALS = frozenset({"vote", "open_round", "copy_as_new"})


def timeline_of(
    case: Application, *, is_applicant: bool, consulted: bool = False
) -> tuple[TimelineEntry, ...]:
    """
    Return what happened, newest first.

    The applicant reads offices, never the names of their people; whoever was asked for an opinion
    does not read what the office does among itself.
    """
    entries = history.timeline(case, also=tuple(case.branches.order_by("id")))
    if is_applicant:
        shown = (e for e in entries if e.action not in PANEL_ACTS | OFFICE_ACTS)
        return _in_the_name_of_offices(case, tuple(shown))
    hidden = UNSEEN_BY_OFFICIALS | (PANEL_ACTS | OFFICE_ACTS if consulted else frozenset())
    return tuple(
        replace(e, shared=e.action not in PANEL_ACTS | OFFICE_ACTS)
        for e in entries
        if e.action not in hidden
    )


def _in_the_name_of_offices(
    case: Application, entries: tuple[TimelineEntry, ...]
) -> tuple[TimelineEntry, ...]:
    offices = offices_of_people(case, {e.actor_id for e in entries})
    return tuple(
        replace(
            e,
            actor_name=offices.get(e.actor_id, e.actor_name),
            facts={k: v for k, v in e.facts.items() if k != "on_behalf_of"},
        )
        for e in entries
    )


def offices_of_people(case: Application, people: Iterable[str]) -> dict[str, str]:
    """
    Return the office in whose name each official acted on a case.

    People of the applicant and the system itself are left out: they keep their names. Somebody who
    has left the office acted in its name all the same; an official of no office around the case
    acted in the name of the authority.
    """
    keys = sorted(people)
    rows = Desk.objects.filter(user_id__in=keys).select_related("organization")
    around = {case.authority_id, case.platform_id, case.committee_id}
    found: dict[str, str] = {}
    own: set[str] = set()
    for desk in rows.order_by("opened_at", "id"):
        person = str(desk.user_id)
        if desk.organization_id == case.applicant_id:
            own.add(person)
        elif desk.organization_id in around or person not in found:
            found[person] = desk.organization.name
    return {person: office for person, office in found.items() if person not in own}
