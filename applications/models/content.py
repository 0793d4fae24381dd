"""What an applicant writes on the form."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.fsm import StateModel


class ApplicationContent(StateModel):
    """The answers of the form; all may be empty while the application is a draft."""

    class PurposeClass(models.TextChoices):
        PUBLIC_GOVERNANCE = "PUBLIC_GOVERNANCE", _("Public governance")
        PUBLIC_BENEFIT = "PUBLIC_BENEFIT", _("Public benefit")
        INDUSTRY = "INDUSTRY", _("Industrial development")
        SECTOR = "SECTOR", _("Sector development")

    class DeliveryMode(models.TextChoices):
        API = "API", _("Data interface")
        FILE = "FILE", _("Database file")
        SANDBOX = "SANDBOX", _("Secure sandbox")
        VERIFY_ONLY = "VERIFY_ONLY", _("Verification only")

    class Environment(models.TextChoices):
        RAW_EXPORT = "RAW_EXPORT", _("Raw export")
        API = "API", _("Own system through the interface")
        SANDBOX = "SANDBOX", _("Secure sandbox")
        VERIFY_ONLY = "VERIFY_ONLY", _("Verification only")

    scenario_name = models.CharField(max_length=120, blank=True)
    purpose_class = models.CharField(max_length=20, choices=PurposeClass.choices, blank=True)
    purpose_text = models.TextField(blank=True)
    expected_products = models.TextField(blank=True)
    benefit_statement = models.TextField(blank=True)
    term_months = models.PositiveSmallIntegerField(null=True)
    delivery_mode = models.CharField(max_length=12, choices=DeliveryMode.choices, blank=True)
    environment = models.CharField(max_length=12, choices=Environment.choices, blank=True)
    protection_level = models.PositiveSmallIntegerField(null=True)
    protection_certificate = models.CharField(max_length=80, blank=True)
    region = models.CharField(max_length=120, blank=True)
    onward_supply = models.BooleanField(default=False)
    cross_border = models.BooleanField(default=False)
    monthly_quota = models.PositiveIntegerField(null=True)
    security_plan = models.JSONField(default=dict)
    commitments = models.JSONField(default=dict)
    conditions = models.JSONField(default=list)
    # What the form asks beside the columns: key of the field → answer.
    answers = models.JSONField(default=dict)
    # How often the applicant has stored something; who saves says what was on screen.
    revision = models.PositiveIntegerField(default=0)

    class Meta:
        abstract = True
