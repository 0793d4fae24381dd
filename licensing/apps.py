from django.apps import AppConfig


class LicensingConfig(AppConfig):
    name = "licensing"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from licensing import baseline, duties, handlers, policies  # noqa: F401 - they register
        from workflow import baseline as installers

        installers.register("licensing", baseline.install)
