from django.apps import AppConfig


class PartiesConfig(AppConfig):
    name = "parties"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from parties import baseline, duties, policies  # noqa: F401 - declares the rules
        from workflow import baseline as installers

        installers.register("parties", baseline.install)
        duties.register()
