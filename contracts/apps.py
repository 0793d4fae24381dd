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
            reference,
            topics,
        )
        from workflow import baseline as installers
        from workflow import reference as documents

        installers.register("contracts", baseline.install)
        documents.register("terms.md", reference.render_terms)
