"""Register and review client applications (应用接入). Source: clause A30, domain T15."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from contracts import terms as contract_terms
from contracts.models import Agreement
from core.errors import Forbidden, NotFound
from licensing.actions.locks import ask, lock_agreement, lock_client, require_reason
from licensing.errors import AgreementNotInForce, InvalidClient, NoUsableLicense, TooManyClients
from licensing.models import ClientApplication, License
from parties import queries as parties
from parties.roles import Role
from workflow import transitions

NAME_CHARACTERS_MAX = 100
PURPOSE_CHARACTERS_MAX = 1_000
NETWORKS_MAX = 50
_REGISTRANTS = frozenset({Role.APPLICANT_AGENT, Role.APPLICANT_SECURITY})


@transitions.action
def register_client(
    *,
    agreement_id: UUID,
    name: str,
    purpose: str,
    ip_allow_list: Iterable[str],
    actor: Any,
    at: datetime,
) -> ClientApplication:
    """
    Register a program of the licensee for review by the platform.

    ``ip_allow_list`` are addresses or networks in CIDR form; none allows every address.

    :raises NotFound: no such agreement, or the actor does not work for its data user.
    :raises Forbidden: the actor's desk may not register programs.
    :raises AgreementNotInForce: the agreement is not in force.
    :raises NoUsableLicense: none of its licenses is in force.
    :raises InvalidClient: name, purpose or addresses do not fit, or the name is taken.
    :raises TooManyClients: the agreement allows no further program.
    """
    agreement = lock_agreement(agreement_id)
    _require_registrant(agreement, actor)
    if agreement.state != Agreement.State.EFFECTIVE:
        raise AgreementNotInForce
    if not License.objects.filter(agreement=agreement, state__in=License.LIVE).exists():
        raise NoUsableLicense
    networks = _clean(agreement, name=name, purpose=purpose, ip_allow_list=ip_allow_list)
    new = ClientApplication(
        name=name.strip(),
        organization=agreement.applicant,
        platform=agreement.application.platform,
        agreement=agreement,
        purpose=purpose.strip(),
        ip_allow_list=networks,
        registered_by=actor,
        registered_at=at,
    )
    return transitions.create(
        new,
        actor=actor,
        at=at,
        facts={"name": new.name, "ip_allow_list": networks},
        licensee=agreement.applicant,
        authority=agreement.authority,
        platform=new.platform,
    )


@transitions.action
def approve_client(
    *, client_id: UUID, actor: Any, at: datetime, note: str = ""
) -> ClientApplication:
    """
    Admit a registered program; it may then request a credential.

    :raises NotFound: there is none.
    :raises NotAllowedNow: it was reviewed already.
    """
    subject = lock_client(client_id, actor=actor)
    return transitions.perform(
        subject, "approve", actor=actor, at=at, reviewer=actor, note=note.strip()
    )


@transitions.action
def reject_client(*, client_id: UUID, reason: str, actor: Any, at: datetime) -> ClientApplication:
    """
    Turn a registered program away, with the reason.

    :raises ReasonMissing: no reason is stated.
    :raises NotFound: there is none.
    :raises NotAllowedNow: it was reviewed already.
    """
    subject = lock_client(client_id, actor=actor)
    ask(subject, "reject", actor=actor, at=at)
    stated = require_reason(reason)
    return transitions.perform(subject, "reject", actor=actor, at=at, reviewer=actor, note=stated)


def _require_registrant(agreement: Agreement, actor: Any) -> None:
    mine = {d.role for d in parties.desks_of(actor) if d.organization_id == agreement.applicant_id}
    if not mine:
        raise NotFound
    if not mine & _REGISTRANTS:
        raise Forbidden


def _clean(
    agreement: Agreement, *, name: str, purpose: str, ip_allow_list: Iterable[str]
) -> list[str]:
    problems: dict[str, Any] = {}
    if not 0 < len(name.strip()) <= NAME_CHARACTERS_MAX:
        problems["name"] = _("Enter a name of at most 100 characters.")
    if not 0 < len(purpose.strip()) <= PURPOSE_CHARACTERS_MAX:
        problems["purpose"] = _("Describe the purpose in at most 1,000 characters.")
    networks, wrong = _networks(ip_allow_list)
    if wrong or len(networks) > NETWORKS_MAX:
        problems["ip_allow_list"] = _("Enter at most 50 addresses or networks, one per line.")
    others = ClientApplication.objects.filter(agreement=agreement).exclude(
        state=ClientApplication.State.REJECTED
    )
    if others.filter(name=name.strip()).exists():
        problems["name"] = _("This agreement has a client application of that name already.")
    if problems:
        raise InvalidClient(fields=problems)
    delivery = contract_terms.parse(agreement.terms).delivery
    recipients = delivery.recipients if delivery else None
    if recipients is not None and name.strip() not in recipients:
        text = _("The agreement lets only these receive the data: %(names)s.")
        raise InvalidClient(fields={"name": text % {"names": "、".join(recipients)}})
    most = delivery.clients_max if delivery else None
    if most is not None and others.count() >= most:
        raise TooManyClients(most=most)
    return networks


def _networks(entries: Iterable[str]) -> tuple[list[str], bool]:
    found: set[str] = set()
    wrong = False
    for entry in filter(None, (e.strip() for e in entries)):
        try:
            found.add(str(ipaddress.ip_network(entry, strict=False)))
        except ValueError:
            wrong = True
    return sorted(found), wrong
