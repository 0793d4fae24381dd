"""Evaluations, alerts, violation cases, public notices, exits."""

from oversight.models.alerts import Alert, AlertGroupPermission, AlertUserPermission
from oversight.models.cases import (
    CaseState,
    ViolationCase,
    ViolationCaseGroupPermission,
    ViolationCaseUserPermission,
)
from oversight.models.choices import Code, MeasureKind, Severity
from oversight.models.evaluations import (
    Evaluation,
    EvaluationGroupPermission,
    EvaluationUserPermission,
    Score,
    SelfReport,
)
from oversight.models.exits import (
    DestructionCertificate,
    ExitCase,
    ExitCaseGroupPermission,
    ExitCaseUserPermission,
)
from oversight.models.notices import (
    PublicNotice,
    PublicNoticeGroupPermission,
    PublicNoticeUserPermission,
)
from oversight.models.papers import OversightDocument
from oversight.models.records import Evidence, Measure, PartyStatement

__all__ = [
    "Alert",
    "AlertGroupPermission",
    "AlertUserPermission",
    "CaseState",
    "Code",
    "DestructionCertificate",
    "Evaluation",
    "EvaluationGroupPermission",
    "EvaluationUserPermission",
    "Evidence",
    "ExitCase",
    "ExitCaseGroupPermission",
    "ExitCaseUserPermission",
    "Measure",
    "MeasureKind",
    "OversightDocument",
    "PartyStatement",
    "PublicNotice",
    "PublicNoticeGroupPermission",
    "PublicNoticeUserPermission",
    "Score",
    "SelfReport",
    "Severity",
    "ViolationCase",
    "ViolationCaseGroupPermission",
    "ViolationCaseUserPermission",
]
