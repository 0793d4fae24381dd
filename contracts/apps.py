from django.apps import AppConfig


class ContractsConfig(AppConfig):
    name = "contracts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from contracts import (  # noqa: F401 - they register
            baseline,
            duties,
            handlers,
            policies,
            topics,
        )
        from workflow import baseline as installers

        installers.register("contracts", baseline.install)
