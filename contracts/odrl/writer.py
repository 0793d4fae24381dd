"""
From the terms of an agreement to its ODRL 2.2 policy. Pure; the same terms give the same bytes.

Each part names the entry it comes from (``datadeed:term``), so that a reader can hold policy and
terms beside each other. What the terms do not permit is not permitted: prohibitions only say again,
for foreign readers, what is excluded. Source: domain §3.5, docs/odrl.md.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from contracts.lattice import leaves
from contracts.odrl import mapping, uses
from contracts.odrl.contexts import ODRL_CONTEXT
from contracts.odrl.facts import Facts, dataset_iri
from contracts.odrl.mapping import CLAUSE, ENTRIES, OBLIGATION, PROVIDER
from contracts.odrl.vocabulary import DATADEED, DCT, ODRL, PROFILE, XSD
from contracts.terms import Terms

CONTEXT: list[Any] = [
    ODRL_CONTEXT,
    {"odrl": ODRL, "dct": DCT, "xsd": XSD, "datadeed": DATADEED},
]
Entry = dict[str, Any]


def policy_of(terms: Terms, facts: Facts) -> Entry:
    """
    Return the policy of an agreement as JSON-LD.

    :raises UnmappedEntry: the terms state something no part of a policy carries.
    """
    stated = {
        path: value
        for path, value in leaves(terms).items()
        # No dataset at all states nothing of any.
        if not (value == [] and mapping.is_container(path))
    }
    carried = {path: ENTRIES[mapping.entry_of(path)] for path in stated}
    use = uses.Uses(terms, facts)
    permissions, prohibitions = use.rules()
    obligations = _obligations(stated, carried, facts, terms)
    told = uses.terms_of([*permissions, *prohibitions, *obligations])
    clauses = [
        {"datadeed:term": path, "datadeed:value": _plain(value), **_why(carried[path])}
        for path, value in sorted(stated.items())
        if path not in told
    ]
    rules: Entry = {"permission": permissions, "prohibition": prohibitions}
    rules["obligation"] = obligations
    return {
        "@context": CONTEXT,
        "@id": facts.policy_id,
        "@type": "Agreement" if facts.valid_from else "Offer",
        "profile": PROFILE,
        "odrl:conflict": {"@id": "odrl:prohibit"},
        "dct:identifier": facts.number,
        "dct:hasVersion": str(facts.version),
        "datadeed:termsHash": facts.terms_hash,
        "datadeed:textHash": facts.text_hash,
        **{name: found for name, found in rules.items() if found},
        "datadeed:clause": clauses,
    }


def _obligations(
    stated: Mapping[str, Any],
    carried: Mapping[str, mapping.Carrier],
    facts: Facts,
    terms: Terms,
) -> list[Entry]:
    codes = [one.code for one in (terms.scope.datasets if terms.scope else None) or ()]
    if not codes:
        return []
    found = []
    for path, value in sorted(stated.items()):
        carrier = carried[path]
        if carrier.kind != OBLIGATION or value is False or value == []:
            continue
        found.append(_obligation(path, value, carrier, facts, _datasets(path, codes)))
    return found


def _datasets(path: str, codes: list[str]) -> list[str]:
    _term, part, code, *_rest = [*path.split("."), "", ""]
    return [code] if part == "datasets" and code in codes else sorted(codes)


def _obligation(
    path: str, value: Any, carrier: mapping.Carrier, facts: Facts, listed: list[str]
) -> Entry:
    providers = sorted({facts.providers[code].iri for code in listed})
    who, whom = [facts.licensee.iri], providers
    if carrier.who == PROVIDER:
        who, whom = whom, who
    words = carrier.word.split(", ")
    # Destroy or give back: the value names which.
    word = words[0] if len(words) == 1 or value == "DESTROY" else words[1]
    entry: Entry = {
        "@id": f"{facts.policy_id}#duty-{quote(path, safe='.')}",
        "@type": "Duty",
        "assigner": whom,
        "assignee": who,
        "target": [dataset_iri(code) for code in listed],
        "action": word,
        "datadeed:term": path,
    }
    if carrier.operand:
        entry["constraint"] = [
            {
                "leftOperand": carrier.operand,
                "operator": carrier.operator,
                "rightOperand": _operand(path, value, carrier),
            }
        ]
    return entry


def _operand(path: str, value: Any, carrier: mapping.Carrier) -> Any:
    if carrier.operator != "isAllOf":
        return value
    name = path.rsplit(".", 1)[-1]
    if carrier.operand in ("datadeed:price", "datadeed:quality", "datadeed:rowValue"):
        return [f"{name}={_plain(value)}"]
    if carrier.operand == "datadeed:transform":
        return [f"{path.split('.transforms.', 1)[1]}={value}"]
    return list(value)


def _plain(value: Any) -> str:
    if isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def _why(carrier: mapping.Carrier) -> Entry:
    return {"dct:description": carrier.why} if carrier.kind == CLAUSE else {}

