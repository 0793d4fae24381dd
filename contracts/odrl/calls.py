"""
A gate that reads only the policy: what a call is, in the words of ODRL, and what comes of it. Pure.

It decides as the gate that reads the terms; docs/odrl.md lists the reasons it cannot know.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from contracts.odrl import values
from contracts.odrl.evaluate import Evaluation, evaluate
from contracts.odrl.facts import dataset_iri, party_iri, scenario_iri
from contracts.odrl.model import Policy
from contracts.odrl.profile_terms import SANDBOX, filter_value
from contracts.odrl.vocabulary import DATADEED, ODRL
from contracts.odrl.world import DATE_TIME, Ask, DutyState, Fact, Request, World


@dataclass(frozen=True, slots=True)
class CallFacts:
    """
    One call as the gate sees it, with what it knows of the world; None is not known.

    The counts include this call. ``fields`` is empty when the call names none, ``rows`` is 1 when
    it names no number. ``place`` is the smallest region of the profile the data are used in.
    """

    dataset: str
    licensee: str
    at: datetime
    scenario: str = ""
    purpose_class: str | None = None
    agreement_state: str = "EFFECTIVE"
    license_state: str = "ACTIVE"
    dataset_state: str = "PUBLISHED"
    fields: tuple[str, ...] = ()
    filters: tuple[tuple[str, str], ...] = ()
    rows: int = 1
    continuation: bool = False
    in_sandbox: bool = False
    calls_total: int = 1
    calls_month: int = 1
    calls_day: int = 1
    calls_second: int = 1
    format: str | None = None
    channel: str | None = None
    client_reviewed: bool | None = None
    protection_level: int | None = None
    place: str | None = None
    recipient: str | None = None
    clients: int | None = None
    action: str = "odrl:read"


def decide(policy: Policy, call: CallFacts, *, violated: Iterable[str] = ()) -> Evaluation:
    """Return what a policy says to one call; ``violated`` are the duties reported as violated."""
    ask = Ask(
        id="call",
        action=_full(call.action),
        party=party_iri(call.licensee),
        target=dataset_iri(call.dataset),
    )
    duties = {one: DutyState("Violated", "Unperformed") for one in violated}
    return evaluate(policy, Request("call", (ask,)), World(_facts(call), duties=duties))


def _facts(call: CallFacts) -> dict[str, Fact]:
    names = tuple(name for name, _ in call.filters)
    recipient = call.recipient if call.recipient is not None else party_iri(call.licensee)
    found: dict[str, Fact] = {
        DATE_TIME: Fact((values.moment_of(call.at),)),
        **_texts(
            agreementState=call.agreement_state,
            licenseState=call.license_state,
            datasetState=call.dataset_state,
            purposeClass=call.purpose_class,
        ),
        f"{DATADEED}field": _names(call.fields),
        f"{DATADEED}filterField": _names(names),
        **{filter_value(name): _names([value]) for name, value in call.filters},
        **_numbers(
            filterCount=len(names),
            rows=call.rows,
            callsInAll=call.calls_total,
            callsThisMonth=call.calls_month,
            callsThisDay=call.calls_day,
            callsThisSecond=call.calls_second,
            protectionLevel=call.protection_level,
            clients=call.clients,
        ),
        f"{DATADEED}continuation": Fact((values.Flag(call.continuation),)),
        f"{ODRL}recipient": _names([recipient]),
    }
    if call.scenario:
        found[f"{ODRL}purpose"] = _names([scenario_iri(call.scenario)])
    if call.in_sandbox:
        found[f"{ODRL}virtualLocation"] = _names([SANDBOX])
    if call.client_reviewed is not None:
        found[f"{DATADEED}clientReviewed"] = Fact((values.Flag(call.client_reviewed),))
    if call.place is not None:
        found[f"{ODRL}spatial"] = _names([f"{DATADEED}region:{call.place}"])
    if call.format is not None:
        found[f"{ODRL}fileFormat"] = _names([call.format])
    if call.channel is not None:
        found[f"{ODRL}deliveryChannel"] = _names([call.channel])
    return found


def _texts(**given: str | None) -> dict[str, Fact]:
    return {DATADEED + name: _names([v]) for name, v in given.items() if v is not None}


def _numbers(**given: int | None) -> dict[str, Fact]:
    return {
        DATADEED + name: Fact((values.Number(Decimal(v)),))
        for name, v in given.items()
        if v is not None
    }


def _names(texts: Iterable[str]) -> Fact:
    return Fact(tuple(values.Name(one) for one in texts))


def _full(action: str) -> str:
    return action.replace("odrl:", ODRL, 1).replace("datadeed:", DATADEED, 1)
