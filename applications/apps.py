from django.apps import AppConfig


class ApplicationsConfig(AppConfig):
    name = "applications"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from applications import baseline, duties, policies  # noqa: F401 - declares the rules
        from workflow import baseline as installers

        installers.register("applications", baseline.install)
        duties.register()
