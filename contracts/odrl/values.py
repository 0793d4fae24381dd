"""
Values of a policy and how they are compared: moments, days, spans, numbers, names. Pure.

A moment without a zone is read as UTC. A day is the interval of its 24 hours (in its zone, else in
UTC), so that "before the 12th" ends when the 12th begins and "on the 12th" lasts all day.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal, InvalidOperation

from contracts.odrl.jsonld import Literal, Ref, Value
from contracts.odrl.vocabulary import RDF, XSD

_MOMENT = re.compile(
    r"(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2}:\d{2})(\.\d{1,18})?(Z|[+-]\d{2}:\d{2})?"
)
_DAY = re.compile(r"(\d{4}-\d{2}-\d{2})(Z|[+-]\d{2}:\d{2})?")
_SPAN = re.compile(
    r"P(?:(\d{1,9})Y)?(?:(\d{1,9})M)?(?:(\d{1,9})D)?"
    r"(?:T(?:(\d{1,9})H)?(?:(\d{1,9})M)?(?:(\d{1,9}(?:\.\d{1,9})?)S)?)?"
)
_INTEGERS = frozenset(
    XSD + name
    for name in (
        "integer", "int", "long", "short", "byte", "nonNegativeInteger", "positiveInteger",
        "nonPositiveInteger", "negativeInteger", "unsignedInt", "unsignedLong", "unsignedShort",
        "unsignedByte",
    )
)  # fmt: skip
_NUMBERS = frozenset(XSD + name for name in ("decimal", "double", "float")) | _INTEGERS
_TEXTS = frozenset(
    {XSD + "string", XSD + "anyURI", XSD + "token", XSD + "normalizedString", XSD + "language",
     RDF + "langString"}
)  # fmt: skip
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DAY_SECONDS = Decimal(86_400)


class Unfit(ValueError):
    """A value that its datatype does not allow, or whose datatype is not understood."""


@dataclass(frozen=True, slots=True)
class Name:
    """A thing by its name, or a text; the two are equal when they read the same."""

    text: str


@dataclass(frozen=True, slots=True)
class Number:
    """An exact number."""

    value: Decimal


@dataclass(frozen=True, slots=True)
class Flag:
    """Yes or no."""

    value: bool


@dataclass(frozen=True, slots=True)
class Moment:
    """Exact seconds since 1970; ``length`` is a day where the value was a date, else nothing."""

    seconds: Decimal
    length: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Span:
    """A duration: months and seconds, which are not converted into each other."""

    months: int
    seconds: Decimal


Operand = Name | Number | Flag | Moment | Span


def of(value: Value, *, temporal: bool = False) -> Operand:
    """
    Return a value to compare; a plain text is read as a time where ``temporal``.

    :raises Unfit: it does not fit its datatype, or the datatype is not understood.
    """
    if isinstance(value, Ref):
        return Name(value.iri)
    kind, text = value.datatype, value.text.strip()
    if kind in _TEXTS:
        return _time(text) if temporal else Name(value.text)
    if kind in (XSD + "dateTime", XSD + "dateTimeStamp"):
        return moment(text)
    if kind == XSD + "date":
        return _day(text)
    if kind == XSD + "boolean":
        if text not in ("true", "false", "1", "0"):
            raise Unfit(f"{text!r} is neither true nor false")
        return Flag(text in ("true", "1"))
    if kind in (XSD + "duration", XSD + "dayTimeDuration", XSD + "yearMonthDuration"):
        return _span(text)
    if kind in _NUMBERS:
        return _number(text, whole=kind in _INTEGERS)
    raise Unfit(f"the datatype {kind} is not understood")


def moment(text: str) -> Moment:
    """
    Read a point in time.

    :raises Unfit: it is none.
    """
    found = _MOMENT.fullmatch(text)
    if found is None:
        raise Unfit(f"{text!r} is not a date and time")
    day, time, fraction, zone = found.groups()
    try:
        plain = datetime.fromisoformat(f"{day}T{time}").replace(tzinfo=_zone(zone))
    except ValueError as error:
        raise Unfit(f"{text!r} is not a date and time") from error
    return Moment(_seconds(plain) + Decimal(f"0{fraction or '.0'}"))


def moment_of(at: datetime) -> Moment:
    """Return an aware point in time as a value."""
    return Moment(_seconds(at))


def _time(text: str) -> Moment:
    return _day(text) if _DAY.fullmatch(text) else moment(text)


def _day(text: str) -> Moment:
    found = _DAY.fullmatch(text)
    if found is None:
        raise Unfit(f"{text!r} is not a date")
    try:
        start = datetime.fromisoformat(found[1]).replace(tzinfo=_zone(found[2]))
    except ValueError as error:
        raise Unfit(f"{text!r} is not a date") from error
    return Moment(_seconds(start), _DAY_SECONDS)


def _zone(text: str | None) -> timezone:
    if text in (None, "Z"):
        return UTC
    hours, minutes = int(text[1:3]), int(text[4:6])
    if minutes > 59 or hours > 14:
        raise ValueError("no such zone")
    offset = timedelta(hours=hours, minutes=minutes)
    return timezone(-offset if text[0] == "-" else offset)


def _seconds(at: datetime) -> Decimal:
    since = at - _EPOCH
    return Decimal(since.days * 86_400 + since.seconds) + Decimal(since.microseconds) / 1_000_000


def _span(text: str) -> Span:
    found = _SPAN.fullmatch(text)
    if found is None or not any(found.groups()) or text.endswith("T"):
        raise Unfit(f"{text!r} is not a duration")
    years, months, days, hours, minutes, seconds = (Decimal(part or 0) for part in found.groups())
    return Span(
        int(years * 12 + months), days * 86_400 + hours * 3_600 + minutes * 60 + seconds
    )


def _number(text: str, *, whole: bool) -> Number:
    try:
        value = Decimal(text)
    except InvalidOperation as error:
        raise Unfit(f"{text!r} is not a number") from error
    if not value.is_finite() or (whole and value != value.to_integral_value()):
        raise Unfit(f"{text!r} is not a number of this kind")
    return Number(value)


def is_ordered(operand: Operand) -> bool:
    """Return whether a value can be more or less than another."""
    return isinstance(operand, Number | Moment | Span)


def equal(left: Operand, right: Operand) -> bool | None:
    """Return whether two values are the same; None when they cannot be compared."""
    if type(left) is not type(right):
        return None
    if isinstance(left, Moment) and isinstance(right, Moment):
        # A moment is on a day when it falls within it.
        if left.length == right.length:
            return left == right
        return right.seconds <= left.seconds < right.seconds + max(right.length, left.length)
    if isinstance(left, Span) and isinstance(right, Span):
        return None if _span_order(left, right) is None else left == right
    return left == right


def order(left: Operand, right: Operand, operator: str) -> bool | None:
    """Return whether ``left`` stands in an order to ``right``; None when there is none."""
    if type(left) is not type(right) or not is_ordered(left):
        return None
    if isinstance(left, Moment) and isinstance(right, Moment):
        end = right.seconds + right.length
        match operator:
            case "lt":
                return left.seconds < right.seconds
            case "lteq":
                return left.seconds < end if right.length else left.seconds <= end
            case "gt":
                return left.seconds >= end if right.length else left.seconds > end
            case _:
                return left.seconds >= right.seconds
    if isinstance(left, Span) and isinstance(right, Span):
        sign = _span_order(left, right)
    else:
        assert isinstance(left, Number)
        assert isinstance(right, Number)
        sign = (left.value > right.value) - (left.value < right.value)
    if sign is None:
        return None
    return {"lt": sign < 0, "lteq": sign <= 0, "gt": sign > 0, "gteq": sign >= 0}[operator]


def _span_order(left: Span, right: Span) -> int | None:
    months = (left.months > right.months) - (left.months < right.months)
    seconds = (left.seconds > right.seconds) - (left.seconds < right.seconds)
    # A month has no fixed number of days: only what points one way can be told.
    return months or seconds if months * seconds >= 0 else None


def plain(value: Literal | Ref) -> str | dict[str, str]:
    """Return a value for a report."""
    if isinstance(value, Ref):
        return {"@id": value.iri}
    if value.datatype == f"{XSD}string":
        return value.text
    return {"@value": value.text, "@type": value.datatype}
