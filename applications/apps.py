from django.apps import AppConfig


class ApplicationsConfig(AppConfig):
    name = "applications"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from applications import (  # noqa: F401 - declare rules
            baseline,
            concerns,
            desk_handlers,
            duties,
            handlers,
            policies,
            topics,
        )
        from applications.keeping import BRANCH_KEEPER, KEEPER
        from parties import handover
        from workflow import baseline as installers

        installers.register("applications", baseline.install)
        duties.register()
        concerns.register()
        handover.register("applications", KEEPER)
        handover.register("applications.branches", BRANCH_KEEPER)
