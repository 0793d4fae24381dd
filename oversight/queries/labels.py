"""Choices with their names, for forms."""

from __future__ import annotations

from oversight.models import Alert, Code, MeasureKind, Severity, ViolationCase

CODES = tuple(Code.choices)
SEVERITIES = tuple(Severity.choices)
MEASURES = tuple(MeasureKind.choices)
INTERIM = tuple(
    (kind.value, kind.label) for kind in (MeasureKind.RESTRICT, MeasureKind.SUSPEND)
)
GRADES = tuple(Alert.Grade.choices)
# What a person may raise; the other rules watch the meter and the clocks.
ALERT_RULES = tuple(
    (rule.value, rule.label) for rule in (Alert.Rule.MANUAL, Alert.Rule.WATERMARK)
)
# A case closes its alert by itself.
ALERT_OUTCOMES = tuple(
    (one.value, one.label) for one in Alert.Outcome if one != Alert.Outcome.CASE
)
CASE_SOURCES = tuple(
    (one.value, one.label)
    for one in ViolationCase.Source
    if one not in (ViolationCase.Source.EVALUATION, ViolationCase.Source.ALERT)
)
