"""
May this actor do this to this subject? One function answers, and the answer is no by default.

A permission is declared once, beside the transition that asks for it: which desks (a role in one
of the organizations around the subject) hold it, what separates duties, and whether the system
itself may act. Holders are granted per object in django-guardian's direct tables when the subject
comes to be; nobody has a right by being a superuser. A right that its rule calls ``switchable``
may be switched off by a row (``switches``): every question here asks for it in its own statement.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cache
from typing import Any, TypeVar

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.db import connection, models
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.lookups import IsNull
from django.utils.functional import Promise
from guardian.shortcuts import assign_perm, remove_perm
from guardian.utils import get_group_obj_perms_model, get_user_obj_perms_model

from core.errors import Forbidden, SwitchedOff
from core.fsm import AS_LOCKED
from workflow import glance, switches

M = TypeVar("M", bound=models.Model)
# How the names of standing groups begin; those of desks are "organization:role".
STANDING = "standing:"
Barrier = Callable[[Any, models.Model], str | Promise | None]


@dataclass(frozen=True, slots=True)
class Rule:
    """Who holds a permission; ``desks`` are (holder, role): ("applicant", "APPLICANT_AGENT")."""

    permission: str
    desks: tuple[tuple[str, str], ...] = ()
    barriers: tuple[Barrier, ...] = ()
    system: bool = False
    note: str = field(default="", compare=False)
    switchable: bool = False


_rules: dict[str, Rule] = {}


def declare(
    permission: str,
    *,
    desks: Iterable[tuple[str, str]] = (),
    barriers: Iterable[Barrier] = (),
    system: bool = False,
    note: str = "",
    switchable: bool = False,
) -> Rule:
    """
    Declare who holds a permission; at import time, once per permission.

    ``barriers`` return a reason when the actor is kept from it although a desk holds it (separation
    of duties), else None. ``switchable`` lets the authority switch the right off for a time; the
    ways out of a procedure and what clocks do are not.
    """
    rule = Rule(permission, tuple(desks), tuple(barriers), system, note, switchable)
    if _rules.setdefault(permission, rule) != rule:
        raise ValueError(f"{permission} is declared twice")
    return rule


def rules() -> tuple[Rule, ...]:
    """Return every declared rule, by name."""
    return tuple(_rules[name] for name in sorted(_rules))


def rule_of(permission: str) -> Rule:
    """Return the rule of one permission; an undeclared one is a mistake in the code."""
    return _rules[permission]


def desk_group(*, organization_id: Any, role: str) -> Group:
    """Return the group of people who hold one role in one organization."""
    group, _ = Group.objects.get_or_create(name=f"{organization_id}:{role}")
    return group


def grant(subject: models.Model, **holders: Any) -> None:
    """
    Give the desks around a new subject what the rules of its class give them.

    ``holders`` name the organizations: ``applicant=org``, ``providers=[org, org]``. A holder that
    a rule names and the call does not is left out; it may be granted later.
    """
    subject.__dict__.pop(AS_LOCKED, None)
    app_label = subject._meta.app_label
    owned = {p.codename: p for p in _permissions_of(type(subject))}
    wanted = {
        (codename, f"{organization.pk}:{role}")
        for codename in owned
        if (rule := _rules.get(f"{app_label}.{codename}"))
        for holder, role in rule.desks
        for organization in _several(holders.get(holder))
    }
    groups = _groups({name for _, name in wanted})
    rights: Any = get_group_obj_perms_model(subject)
    # Four queries however many desks there are; a right that stands already is left alone.
    rights.objects.bulk_create(
        [
            rights(permission=owned[codename], group=groups[name], content_object=subject)
            for codename, name in sorted(wanted)
        ],
        ignore_conflicts=True,
    )


def grant_person(permission: str, *, person: Any, subject: models.Model) -> None:
    """Give one person one permission on one subject (a panel seat, an assigned handler)."""
    subject.__dict__.pop(AS_LOCKED, None)
    assign_perm(permission, person, subject)


def standing_group(key: str) -> Group:
    """Return the group of people who share a standing task, made when it is first asked for."""
    group, _ = Group.objects.get_or_create(name=f"{STANDING}{key}")
    return group


def grant_group(permission: str, *, group: Group, subject: models.Model) -> None:
    """Give a standing group one permission on one subject; who joins it later has it too."""
    subject.__dict__.pop(AS_LOCKED, None)
    assign_perm(permission, group, subject)


def withdraw_person(permission: str, *, person: Any, subject: models.Model) -> None:
    """Take one person's own permission on one subject back."""
    subject.__dict__.pop(AS_LOCKED, None)
    remove_perm(permission, person, subject)


def may(actor: Any, permission: str, subject: models.Model) -> bool:
    """Return whether the actor may use this permission on this subject."""
    return holds(actor, permission, subject) and refusal(actor, permission, subject) is None


def holds(actor: Any, permission: str, subject: models.Model) -> bool:
    """Return whether a desk, a seat or the system gives the permission, duties aside."""
    known = holds_by_itself(actor, permission)
    if known is not None:
        return known
    asked = subject.__dict__.get(AS_LOCKED)
    if asked is not None and asked.actor_id == actor.pk and permission in asked.held:
        return bool(asked.held[permission])
    if glance.is_open():
        key = ("policy.held", actor.pk, type(subject), subject.pk)
        return permission in glance.once(key, lambda: _held_on(actor, subject))
    return _ask(*question(actor, permission, subject))


def _ask(query: str, values: list[Any]) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {query}", values)
        return bool(cursor.fetchone()[0])


def _held_on(actor: Any, subject: models.Model) -> frozenset[str]:
    """Return every permission a person holds on one subject: a page asks for many of them."""
    users, groups = _tables(type(subject))
    off = switches.off_on(actor, subject)
    by_user = users.objects.filter(user=actor, content_object=subject).exclude(off)
    by_group = groups.objects.filter(group__user=actor, content_object=subject).exclude(off)
    names = by_user.order_by().values_list("permission__codename")
    both = names.union(by_group.order_by().values_list("permission__codename"))
    return frozenset(f"{subject._meta.app_label}.{name}" for (name,) in both)


def holds_by_itself(actor: Any, permission: str) -> bool | None:
    """Return what needs no look at the subject: the system by its rule, nobody never; else None."""
    rule = _rules[permission]
    if getattr(actor, "is_system", False):
        return rule.system
    if actor is None or not actor.is_authenticated or not actor.is_active:
        return False
    return None


def question(actor: Any, permission: str, subject: models.Model) -> tuple[str, list[Any]]:
    """Return the SQL expression that is true when a person holds a right, and its values."""
    query, values = _given(actor, permission, subject._meta.model, subject.pk)
    if not _rules[permission].switchable:
        return query, values
    off, more = switches.question(actor, permission, subject)
    return f"({query} AND NOT {off})", [*values, *more]


def question_as_locked(
    actor: Any, permission: str, model: type[models.Model], pk: Any
) -> tuple[str, list[Any]]:
    """Return the same for the row that a statement locks as ``locked`` (``rows.lock_free``)."""
    known = holds_by_itself(actor, permission)
    if known is not None:
        return ("true" if known else "false"), []
    query, values = _given(actor, permission, model, pk)
    if not _rules[permission].switchable:
        return query, values
    off, more = switches.question_as_locked(actor, permission)
    return f"({query} AND NOT {off})", [*values, *more]


def _given(
    actor: Any, permission: str, model: type[models.Model], pk: Any
) -> tuple[str, list[Any]]:
    app_label, codename = permission.split(".")
    wanted = (app_label, model._meta.model_name, codename)
    return _question(model), [actor.pk, pk, *wanted, actor.pk, pk, *wanted]


def denial(actor: Any, permission: str, subject: models.Model) -> Forbidden:
    """
    Return the error for somebody who does not hold a right.

    Whom a desk or seat gives it learns that it is switched off, and by what authority; anybody
    else learns nothing.
    """
    if _rules[permission].switchable and holds_by_itself(actor, permission) is None:
        off = switches.in_force(actor, permission, subject)
        if off is not None and _ask(
            *_given(actor, permission, subject._meta.model, subject.pk)
        ):
            return SwitchedOff(basis=off.legal_basis, reason=off.reason)
    return Forbidden()


def refusal(actor: Any, permission: str, subject: models.Model) -> str | Promise | None:
    """Return why a holder is kept from it nevertheless (shown to the person), or None."""
    if getattr(actor, "is_system", False):
        return None
    for barrier in _rules[permission].barriers:
        reason = barrier(actor, subject)
        if reason:
            return reason
    return None


def visible(
    actor: Any, permission: str, model: type[M], *, few: bool = False
) -> QuerySet[M]:
    """
    Return the subjects on which the actor holds a permission: the tenant scope of a query.

    ``few`` promises that other conditions leave few rows: the right is then asked of each of them,
    and what an office has gathered over the years is not read through first. The rows are the same.
    """
    rule_of(permission)
    if getattr(actor, "is_system", False):
        return model._default_manager.all()
    if actor is None or not actor.is_authenticated or not actor.is_active:
        return model._default_manager.none()
    seen = _granted(actor, permission, model, few=few)
    if _rules[permission].switchable:
        return seen.exclude(switches.off_for(actor, permission, model))
    return seen


def held_anywhere(
    actor: Any, asked: Iterable[tuple[type[models.Model], str]]
) -> frozenset[str]:
    """
    Return which of these permissions an actor holds on at least one subject, in one query.

    ``asked`` are (class of the subject, permission). A page asks this first, so that it need not
    search the subjects of everything the actor has nothing to do with.
    """
    wanted = {permission: model for model, permission in asked}
    if getattr(actor, "is_system", False):
        return frozenset(wanted)
    if actor is None or not actor.is_authenticated or not actor.is_active or not wanted:
        return frozenset()
    desks = actor.groups.order_by().values("pk")
    on_something = Q()
    for model in dict.fromkeys(wanted.values()):
        users, groups = _tables(model)
        by_user = users.objects.filter(permission=OuterRef("pk"), user=actor)
        by_group = groups.objects.filter(permission=OuterRef("pk"), group__in=desks)
        on_something |= Q(Exists(by_user)) | Q(Exists(by_group))
    rows = Permission.objects.filter(
        on_something, codename__in={permission.split(".")[1] for permission in wanted}
    )
    names = rows.order_by().values_list("content_type__app_label", "codename")
    return frozenset(f"{app}.{codename}" for app, codename in names) & frozenset(wanted)


def desks_giving(
    actor: Any, permissions: Iterable[str], model: type[models.Model], keys: Iterable[Any]
) -> dict[tuple[str, str], str]:
    """
    Return the desk that gives an actor each right on subjects, by (permission, primary key).

    A desk is named "organization:role"; of several the first by name. What a person or a standing
    group holds is not in it. One query.
    """
    _, groups = _tables(model)
    label, name = model._meta.app_label, model._meta.model_name
    rows = groups.objects.filter(
        group__in=actor.groups.order_by().values("pk"),
        content_object__in=list(keys),
        permission__codename__in=[permission.split(".")[1] for permission in permissions],
        permission__content_type__app_label=label,
        permission__content_type__model=name,
    ).exclude(group__name__startswith=STANDING)
    found: dict[tuple[str, str], str] = {}
    named = rows.order_by("group__name").values_list(
        "permission__codename", "content_object_id", "group__name"
    )
    for codename, key, desk in named:
        found.setdefault((f"{label}.{codename}", str(key)), desk)
    return found


def _tables(model: type[models.Model]) -> tuple[Any, Any]:
    """Return guardian's direct tables of a class: what persons hold, what desks hold."""
    users = get_user_obj_perms_model(model)  # type: ignore[arg-type]  # takes classes too
    groups = get_group_obj_perms_model(model)  # type: ignore[arg-type]
    return users, groups


@cache
def _question(model: type[models.Model]) -> str:
    """Return the expression for a class, built once: it is asked at every step."""
    users, groups = (table._meta.db_table for table in _tables(model))
    person: Any = get_user_model()
    members = person.groups.through._meta
    member = members.get_field(person._meta.model_name).column
    wanted = """(
        SELECT permission.id FROM auth_permission AS permission
        JOIN django_content_type AS kind ON kind.id = permission.content_type_id
        WHERE kind.app_label = %s AND kind.model = %s AND permission.codename = %s
    )"""
    return f"""(EXISTS (
        SELECT 1 FROM {groups} AS held
        JOIN {members.db_table} AS member ON member.group_id = held.group_id
        WHERE member.{member} = %s AND held.content_object_id = %s AND held.permission_id = {wanted}
    ) OR EXISTS (
        SELECT 1 FROM {users} AS held
        WHERE held.user_id = %s AND held.content_object_id = %s AND held.permission_id = {wanted}
    ))"""  # noqa: S608 - names of tables


def _granted(actor: Any, permission: str, model: type[M], *, few: bool) -> QuerySet[M]:
    app_label, codename = permission.split(".")
    wanted = Permission.objects.filter(
        codename=codename,
        content_type__app_label=app_label,
        content_type__model=model._meta.model_name,
    ).values("pk")[:1]
    users, groups = _tables(model)
    held = {"content_object": OuterRef("pk"), "permission": wanted}
    by_user = users.objects.filter(user=actor, **held)
    desks = actor.groups.order_by().values("pk")
    by_group = groups.objects.filter(group__in=desks, **held)
    if few:
        # The planner may answer EXISTS from a set of all there is; a value it asks row by row.
        one, other = (Subquery(rows.values("pk")[:1]) for rows in (by_user, by_group))
        return model._default_manager.filter(Q(IsNull(one, False)) | Q(IsNull(other, False)))
    return model._default_manager.filter(Q(Exists(by_user)) | Q(Exists(by_group)))


def _groups(names: set[str]) -> dict[str, Group]:
    """Return the groups of these names, the missing ones made; one round for all."""
    Group.objects.bulk_create([Group(name=name) for name in sorted(names)], ignore_conflicts=True)
    return {group.name: group for group in Group.objects.filter(name__in=names)}


def _permissions_of(model: type[models.Model]) -> Iterable[Permission]:
    return Permission.objects.filter(
        content_type__app_label=model._meta.app_label,
        content_type__model=model._meta.model_name,
    )


def _several(holder: Any) -> Iterable[Any]:
    if holder is None:
        return ()
    return holder if isinstance(holder, list | tuple | set | QuerySet) else (holder,)
