"""What waits for the people around a dataset."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from catalog.models import Dataset
from workflow import inbox

ROUTE = "portal:dataset_desk"


def describe(subject: models.Model) -> tuple[str, str]:
    """Return code and title of a dataset."""
    assert isinstance(subject, Dataset)
    return subject.code, subject.title


_DUTIES = (
    ("classify", _("Classify a dataset"), "classify"),
    ("scan", _("Scan a dataset for sensitive fields"), "pass_scan"),
    ("assess", _("Record the risk assessment"), "assess_risk"),
    ("review_secrecy", _("Give the secrecy review"), "pass_secrecy_review"),
    ("preview", _("Open the preview"), "open_preview"),
    ("publish", _("Publish a dataset"), "publish"),
    ("resume", _("Decide on a suspended dataset"), "resume"),
)

for _name, _title, _transition in _DUTIES:
    inbox.register(
        f"catalog.{_name}",
        title=_title,
        model=Dataset,
        transitions=(_transition,),
        route=ROUTE,
        describe=describe,
    )
