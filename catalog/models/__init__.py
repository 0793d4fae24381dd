"""Datasets, their versions and fields, and the evidence of every gate before opening."""

from catalog.models.datasets import (
    Dataset,
    DatasetField,
    DatasetGroupPermission,
    DatasetUserPermission,
    DatasetVersion,
)
from catalog.models.evidence import (
    ReclassificationEvidence,
    RiskAssessment,
    SecrecyReview,
    SensitiveScan,
)

__all__ = [
    "Dataset",
    "DatasetField",
    "DatasetGroupPermission",
    "DatasetUserPermission",
    "DatasetVersion",
    "ReclassificationEvidence",
    "RiskAssessment",
    "SecrecyReview",
    "SensitiveScan",
]
