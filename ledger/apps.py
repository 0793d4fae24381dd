from django.apps import AppConfig


class LedgerConfig(AppConfig):
    """The double-entry ledger: tables by migration, no Django models, no business noun."""

    name = "ledger"
    default_auto_field = "django.db.models.BigAutoField"
