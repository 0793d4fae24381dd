"""The words of the catalog as people read them. Pure."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class OpennessChoice(TextChoices):
    """The three opening classes. Source: clause A23."""

    UNCONDITIONAL = "UNCONDITIONAL", _("Open without conditions")
    CONDITIONAL = "CONDITIONAL", _("Open under conditions")
    NON_OPEN = "NON_OPEN", _("Not open")


class ReasonChoice(TextChoices):
    """Why a dataset has its opening class. Source: clause A23."""

    OTHER = "OTHER", _("No reason against opening")
    HIGH_SECURITY = "HIGH_SECURITY", _("High demands on security and processing")
    TIMELINESS = "TIMELINESS", _("Strongly time-dependent")
    CONTINUOUS_ACCESS = "CONTINUOUS_ACCESS", _("Needs continuous access")
    TRADE_SECRET = "TRADE_SECRET", _("Trade secret")
    PRIVACY = "PRIVACY", _("Personal privacy")
    LAW = "LAW", _("Closed by law")


class LevelChoice(TextChoices):
    """Levels of sensitivity. Source: domain §3.9."""

    L1 = "L1", _("Level 1, no harm")
    L2 = "L2", _("Level 2, general harm")
    L3 = "L3", _("Level 3, serious harm")
    L4 = "L4", _("Level 4, very serious harm")
    IMPORTANT = "IMPORTANT", _("Important data")
    CORE = "CORE", _("Core data")


class SensitivityChoice(TextChoices):
    """Whether a field speaks of persons."""

    NONE = "NONE", _("No personal information")
    PI = "PI", _("Personal information")
    SENSITIVE_PI = "SENSITIVE_PI", _("Sensitive personal information")


class DomainChoice(TextChoices):
    """The fields of city life the policy names. Source: clause B04."""

    HEALTH = "HEALTH", _("Health care")
    EDUCATION_CULTURE = "EDUCATION_CULTURE", _("Education, culture and tourism")
    ENTERPRISE = "ENTERPRISE", _("Enterprise supervision")
    LIVING = "LIVING", _("Daily services")
    TRANSPORT = "TRANSPORT", _("Transport")
    HOUSING = "HOUSING", _("Construction and housing")
    MUNICIPAL = "MUNICIPAL", _("Municipal services")
    ENVIRONMENT = "ENVIRONMENT", _("Resources and environment")
    EMERGENCY = "EMERGENCY", _("Emergency and safety")


class FrequencyChoice(TextChoices):
    """How often the provider promises new data."""

    REAL_TIME = "REAL_TIME", _("Real time")
    MINUTE_1 = "MINUTE_1", _("Every minute")
    MINUTE_5 = "MINUTE_5", _("Every 5 minutes")
    MINUTE_10 = "MINUTE_10", _("Every 10 minutes")
    HOURLY = "HOURLY", _("Hourly")
    DAILY = "DAILY", _("Daily")
    NEXT_DAY = "NEXT_DAY", _("On the next day (T+1)")
    WEEKLY = "WEEKLY", _("Weekly")
    MONTHLY = "MONTHLY", _("Monthly")
    QUARTERLY = "QUARTERLY", _("Quarterly")
    YEARLY = "YEARLY", _("Yearly")


class DeliveryChoice(TextChoices):
    """How data reaches its user; interface and database file before download (clause B06)."""

    API = "API", _("Interface")
    FILE = "FILE", _("Database file")
    SANDBOX = "SANDBOX", _("Sandbox")
    VERIFY_ONLY = "VERIFY_ONLY", _("Verification only")


class DataTypeChoice(TextChoices):
    """The types a field may have, which are those of its Parquet column."""

    STRING = "STRING", _("Text")
    INTEGER = "INTEGER", _("Whole number")
    DECIMAL = "DECIMAL", _("Decimal number")
    DATE = "DATE", _("Date")
    DATETIME = "DATETIME", _("Date and time")
    BOOLEAN = "BOOLEAN", _("Yes or no")


class ScanRuleChoice(TextChoices):
    """What the scan for sensitive fields looks for. Source: clause B28."""

    ID_CARD = "ID_CARD", _("Identity card number")
    MOBILE = "MOBILE", _("Mobile number")
    BANK_CARD = "BANK_CARD", _("Bank card number")
    EMAIL = "EMAIL", _("E-mail address")
    PLATE = "PLATE", _("Vehicle plate")
    PERSON_NAME = "PERSON_NAME", _("Name of a person")
    ADDRESS = "ADDRESS", _("Home address")


class EvidenceKindChoice(TextChoices):
    """What may bring a dataset back from "not open". Source: clause A24."""

    DESENSITIZATION_REPORT = "DESENSITIZATION_REPORT", _("Desensitization report")
    CONSENT = "CONSENT", _("Consent of the right-holders")
