"""Words and tones of statements for people."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.kit import StripStep
from portal.templatetags.datadeed import cn_datetime
from settlement.queries import StatementPage

_TONES = {
    "DRAFT": "secondary",
    "ISSUED": "blue",
    "DISPUTED": "red",
    "CONFIRMED": "blue",
    "POSTED": "blue",
    "RELEASED": "yellow",
    "PAID": "green",
}
# State, name on the strip, who has it, and the fact that says when it was reached.
_STRIP: tuple[tuple[str, str | Promise, str | Promise, str], ...] = (
    ("DRAFT", _("Draft"), _("Exchange, settlement"), "drafted_at"),
    ("ISSUED", _("With the buyer"), _("Buyer"), "issued_at"),
    ("CONFIRMED", _("Confirmed"), _("Exchange, settlement"), "confirmed_at"),
    ("POSTED", _("Posted"), _("Exchange, finance"), "posted_at"),
    ("RELEASED", _("Released, payment due"), _("Buyer"), "released_at"),
    ("PAID", _("Paid"), "", "paid_at"),
)


def statement_tone(state: str) -> str:
    """Return the tone of a statement's state."""
    return _TONES.get(state, "secondary")


def strip_of(page: StatementPage) -> tuple[StripStep, ...]:
    """Return the strip 您在这里; nothing for a statement that left the road."""
    states = [state for state, *_rest in _STRIP]
    if page.state not in states:
        return ()
    here = states.index(page.state)
    return tuple(
        StripStep(
            label,
            "past" if n < here else "current" if n == here else "future",
            cn_datetime(getattr(page, fact)) if n <= here else "",
            office,
        )
        for n, (_state, label, office, fact) in enumerate(_STRIP)
    )
