"""The profile document: the words this product adds to ODRL, as linked data. Pure."""

from __future__ import annotations

from typing import Any

from contracts.odrl.profile_terms import (
    FILTER_VALUE,
    OWN_ACTIONS,
    OWN_ANNOTATIONS,
    OWN_OPERANDS,
    REGIONS,
    SANDBOX,
)
from contracts.odrl.vocabulary import DATADEED, DCT, ODRL, PROFILE, RDFS, SKOS

CONTEXT = {
    "odrl": ODRL, "dct": DCT, "rdfs": RDFS, "skos": SKOS, "datadeed": DATADEED,
    "prof": "http://www.w3.org/ns/dx/prof/",
}  # fmt: skip
Entry = dict[str, Any]


def profile_document() -> Entry:
    """Return the profile with every action, left operand, place and note it defines."""
    profile: Entry = {
        "@id": PROFILE,
        "@type": "prof:Profile",
        "dct:title": "Datadeed profile of ODRL 2.2, version 1",
        "dct:description": (
            "Words for agreements on conditional public data: purposes, fields, filters, quotas,"
            " places and duties that ODRL has no word for."
        ),
        "prof:isProfileOf": {"@id": f"{ODRL}core"},
    }
    return {"@context": CONTEXT, "@graph": [profile, *_actions(), *_operands(), *_others()]}


def _actions() -> list[Entry]:
    return [
        _concept(name, "odrl:Action", meaning)
        | {"odrl:includedIn": {"@id": f"{_prefix(parent)}:{parent}"}}
        for name, (parent, meaning) in sorted(OWN_ACTIONS.items())
    ]


def _prefix(parent: str) -> str:
    return "datadeed" if parent in OWN_ACTIONS else "odrl"


def _operands() -> list[Entry]:
    family = FILTER_VALUE.removeprefix(DATADEED)
    named = {
        **OWN_OPERANDS,
        family: "Begins the left operand for the value a call filters one field by.",
    }
    return [_concept(name, "odrl:LeftOperand", text) for name, text in sorted(named.items())]


def _others() -> list[Entry]:
    notes = [_concept(n, "rdfs:Resource", text) for n, text in sorted(OWN_ANNOTATIONS.items())]
    places = [
        {"@id": name, "@type": "odrl:RightOperand", "odrl:partOf": {"@id": whole}}
        for name, whole in sorted(REGIONS.items())
    ]
    return [*notes, *places, {"@id": SANDBOX, "@type": "odrl:RightOperand"}]


def _concept(name: str, kind: str, meaning: str) -> Entry:
    return {
        "@id": f"datadeed:{name}",
        "@type": [kind, "skos:Concept"],
        "skos:definition": meaning,
        "rdfs:isDefinedBy": {"@id": PROFILE},
    }
