"""Everything that can be done to a dataset."""

from catalog.actions.describe import create_dataset, edit_dataset, redefine_fields
from catalog.actions.gates import (
    assess_risk,
    classify_dataset,
    hold_dataset,
    open_preview,
    publish_dataset,
    review_secrecy,
    scan_dataset,
)
from catalog.actions.intake import DatasetsImported, import_datasets
from catalog.actions.supervise import (
    EVIDENCE_BYTES_MAX,
    begin_reclassification,
    rescan_published,
    resume_dataset,
    suspend_dataset,
    tighten_dataset,
    withdraw_dataset,
)
from catalog.actions.term import set_dataset_term
from catalog.actions.versions import add_version
from catalog.fields import FieldSpec

__all__ = [
    "EVIDENCE_BYTES_MAX",
    "DatasetsImported",
    "FieldSpec",
    "add_version",
    "assess_risk",
    "begin_reclassification",
    "classify_dataset",
    "create_dataset",
    "edit_dataset",
    "hold_dataset",
    "import_datasets",
    "open_preview",
    "publish_dataset",
    "redefine_fields",
    "rescan_published",
    "resume_dataset",
    "review_secrecy",
    "scan_dataset",
    "set_dataset_term",
    "suspend_dataset",
    "tighten_dataset",
    "withdraw_dataset",
]
