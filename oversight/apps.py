from django.apps import AppConfig


class OversightConfig(AppConfig):
    name = "oversight"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from oversight import baseline, policies  # noqa: F401 - declares the rules
        from workflow import baseline as installers

        installers.register("oversight", baseline.install)
