"""Letters and minutes: built from the case, stored in the transaction that issues them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.conf import settings

from applications import documents, rules
from applications.models import Application, ApplicationDocument
from applications.queries import GrantedItem
from core import clock, hashing
from core.calendars import next_number
from workflow import deadlines

Kind = ApplicationDocument.Kind

DEMO_WATERMARK = "演示"
# The word in brackets of a letter's number, per kind.
SERIES = {
    Kind.ACCEPTANCE: "锡数受",
    Kind.NON_ACCEPTANCE: "锡数不受",
    Kind.CORRECTION: "锡数补",
    Kind.MINUTES: "锡数审纪",
    Kind.DECISION: "锡数决",
}
PURPOSE_WORDS = {
    "PUBLIC_GOVERNANCE": "公共治理",
    "PUBLIC_BENEFIT": "公益事业",
    "INDUSTRY": "产业发展",
    "SECTOR": "行业发展",
}
TRANSFORM_WORDS = {
    "mask": "部分遮蔽",
    "keyed_hash": "密钥哈希替换",
    "generalize": "区间泛化",
    "suppress": "置空",
}
LEVEL_WORDS = {"IMPORTANT": "重要数据", "CORE": "核心数据"}


def number_for(kind: str, *, at: datetime) -> str:
    """Return the next number of a kind of letter, e.g. 锡数决〔2026〕1号."""
    year = clock.local_date(at).year
    series = SERIES[Kind(kind)]
    return f"{series}〔{year}〕{next_number(f'applications.{kind}.{year}')}号"


def store(
    application: Application, *, kind: str, number: str, content: bytes, at: datetime
) -> ApplicationDocument:
    """Keep a paper as it was issued."""
    return ApplicationDocument.objects.create(
        application=application,
        kind=kind,
        number=number,
        content_hash=hashing.digest(content),
        file=content,
        created_at=at,
    )


def issue_facts(application: Application, *, number: str, at: datetime) -> documents.IssueFacts:
    """Return who issues a letter, under which number, when."""
    return documents.IssueFacts(
        authority=application.authority.name,
        number=number,
        issued_at=at,
        demo_seal=settings.DEMO,
        watermark=DEMO_WATERMARK if settings.DEMO else "",
    )


def case_facts(
    application: Application, *, granted: Sequence[GrantedItem] | None = None
) -> documents.CaseFacts:
    """Return the case as papers name it: the fields asked for, or those granted when given."""
    given = None if granted is None else {g.dataset_code: _granted_fields(g) for g in granted}
    rows = application.items.select_related("dataset__provider", "dataset__current_version")
    assert application.submitted_at is not None
    return documents.CaseFacts(
        application_number=application.number or "",
        applicant=application.applicant.name,
        applicant_uscc=application.applicant.uscc,
        scenario=application.scenario_name,
        purpose_class=PURPOSE_WORDS[application.purpose_class],
        datasets=tuple(
            documents.RequestedDataset(
                code=item.dataset.code,
                name=item.dataset.title,
                version=f"v{item.dataset.current_version.number}"
                if item.dataset.current_version
                else "",
                provider=item.dataset.provider.name,
                sensitivity_level=_level_word(item.dataset.level),
                fields=tuple(item.fields)
                if given is None
                else given.get(item.dataset.code, ("（未准予）",)),
            )
            for item in rows.order_by("dataset__code", "id")
        ),
        submitted_on=clock.local_date(application.submitted_at),
    )


def deadline_lines(
    application: Application, kinds: Sequence[str], *, at: datetime
) -> tuple[documents.Deadline, ...]:
    """Return the running clocks of a case as a letter lists them, in the order asked."""
    running = {
        c.kind: c for c in deadlines.of_subject(application, at=at) if c.status != "closed"
    }
    return tuple(
        documents.Deadline(
            step=rules.STEP_NAMES[kind],
            working_days=running[kind].total,
            due_on=running[kind].due_on,
            provisional=running[kind].provisional,
        )
        for kind in kinds
        if kind in running
    )


def legal_basis(application: Application, kind: str, *, at: datetime) -> tuple[str, ...]:
    """Return the legal basis of the last clock of a kind, as the rule states it."""
    found = [c.legal_basis for c in deadlines.of_subject(application, at=at) if c.kind == kind]
    return tuple(found[:1])


def _granted_fields(item: GrantedItem) -> tuple[str, ...]:
    return tuple(
        f"{name}（{TRANSFORM_WORDS[item.transforms[name]]}）" if name in item.transforms else name
        for name in item.fields
    )


def _level_word(level: str) -> str:
    return LEVEL_WORDS.get(level, f"{level[1:]}级" if level else "")


def plain_lines(text: str) -> tuple[str, ...]:
    """Return the non-empty lines of a text, as a letter lists them."""
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def as_lines(value: Any) -> list[str]:
    """Return conditions as a list of non-empty lines, from a list or a text."""
    lines = value.splitlines() if isinstance(value, str) else list(value or ())
    return [str(line).strip() for line in lines if str(line).strip()]
