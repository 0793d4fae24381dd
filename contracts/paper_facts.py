"""From the terms of an agreement to the facts of its PDF. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from contracts import documents, wording
from contracts import vocabulary as words
from contracts.clauses import duties, use
from contracts.terms import Terms, dump


@dataclass(frozen=True, kw_only=True, slots=True)
class Signed:
    """One signature that stands, by the organization it was given for."""

    organization_id: str
    signer: str
    signed_at: datetime
    text_hash: str


def agreement_facts(
    *,
    terms: Terms,
    facts: wording.TextFacts,
    text_hash: str,
    text_version: int,
    issued_at: datetime,
    signed: Sequence[Signed] = (),
    validity: tuple[date, date] | None = None,
    demo: bool = False,
) -> documents.AgreementFacts:
    """Return what the PDF of an agreement says."""
    plain = dump(terms)
    by_party = {one.organization_id: one for one in signed}
    roles = wording.parties(facts=facts)
    return documents.AgreementFacts(
        title=facts.title,
        number=facts.number,
        version=f"第{text_version}版",
        template_version=facts.template,
        authority=facts.authority,
        parties=tuple(
            documents.AgreementParty(
                role=role,
                name=party.name,
                uscc=party.uscc,
                representative=party.representative,
                address=party.address,
                contact=party.contact,
            )
            for role, party in roles
        ),
        recitals=wording.recitals(facts=facts),
        clauses=tuple(
            documents.Clause(title=clause.title, paragraphs=clause.paragraphs)
            for clause in wording.render_text(terms=terms, facts=facts)
        ),
        amounts=amounts(plain),
        annexes=(_scope_annex(plain), _limits_annex(plain)),
        signatures=tuple(
            _signature(role, party, by_party.get(party.organization_id)) for role, party in roles
        ),
        terms_sha256=text_hash,
        effective_from=validity[0] if validity else None,
        effective_to=validity[1] if validity else None,
        issued_at=issued_at,
        demo_seal=demo,
        watermark="",
    )


def amounts(plain: dict[str, Any]) -> tuple[documents.AgreedAmount, ...]:
    """Return the agreed sums: base prices, deposit, damages."""
    found = []
    if not plain["fee"].get("free_of_charge"):
        for code, own in sorted(plain["fee"].get("datasets", {}).items()):
            if own.get("base_fen"):
                unit = words.BASE_UNITS[own.get("base_unit", "PRODUCT")]
                found.append(_sum(f"{code} 数据使用费", own["base_fen"], f"每{unit}"))
    if plain["fee"].get("deposit_fen"):
        found.append(_sum("保证金", plain["fee"]["deposit_fen"], "生效前交纳"))
    if plain["breach"].get("liquidated_damages_fen"):
        found.append(_sum("违约金", plain["breach"]["liquidated_damages_fen"], "构成严重违约时"))
    return tuple(found)


def _sum(label: str, fen: int, note: str) -> documents.AgreedAmount:
    return documents.AgreedAmount(label=label, amount_fen=fen, note=note)


def _signature(
    role: str, party: wording.PartyFacts, signed: Signed | None
) -> documents.Signature:
    if signed is None:
        return documents.Signature(role=role, name=party.name, uscc=party.uscc)
    return documents.Signature(
        role=role,
        name=party.name,
        signer=signed.signer,
        signed_at=signed.signed_at,
        terms_sha256=signed.text_hash,
        uscc=party.uscc,
    )


def _scope_annex(plain: dict[str, Any]) -> documents.Annex:
    rows = []
    for item in plain["scope"]["datasets"]:
        titles = {label["name"]: label["title"] for label in item.get("labels", ())}
        for name in use.ordered_fields(item):
            rule = item.get("transforms", {}).get(name, "KEEP")
            rows.append((item["code"], titles.get(name, ""), name, words.TRANSFORMS[rule]))
    return documents.Annex(
        title="数据范围与脱敏规则",
        head=("数据集", "字段名称", "字段代码", "脱敏规则"),
        rows=tuple(rows),
        note="未列入本附件的字段不在许可范围内。",
        widths=(2, 5, 4, 3),
    )


def _limits_annex(plain: dict[str, Any]) -> documents.Annex:
    fees = plain["fee"].get("datasets", {})
    free = plain["fee"].get("free_of_charge")
    rows = tuple(
        (
            f"{item['code']}《{item['title']}》",
            words.MODES[item["mode"]],
            use.limit_text(use.limit_of(plain, item["code"])),
            "免费" if free else duties.price_text(fees.get(item["code"], {})),
        )
        for item in plain["scope"]["datasets"]
    )
    return documents.Annex(
        title="提供方式、限额与价格",
        head=("数据集", "提供方式", "调用限额", "价格（含税）"),
        rows=rows,
        widths=(4, 3, 4, 5),
    )
