"""What waits for people in settlement."""

from __future__ import annotations

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from settlement.models import Statement
from workflow import inbox


def _statement(subject: models.Model) -> tuple[str, str]:
    assert isinstance(subject, Statement)
    return subject.number, f"{subject.licensee.name} · {subject.period_from:%Y-%m}"


_DUTIES: tuple[tuple[str, str | Promise], ...] = (
    ("issue", _("Issue a statement")),
    ("confirm", _("Confirm a statement or dispute a line")),
    ("resolve", _("Answer a dispute")),
    ("post", _("Post a statement to the books")),
    ("release", _("Release the payouts of a statement")),
    ("settle", _("Record the payment of a statement")),
)

for _verb, _title in _DUTIES:
    inbox.register(
        f"settlement.{_verb}",
        title=_title,
        model=Statement,
        transitions=(_verb,),
        route="portal:statement",
        describe=_statement,
        related=("licensee",),
    )
