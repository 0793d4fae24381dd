from django.apps import AppConfig


class HarborConfig(AppConfig):
    name = "tests.harbor"
    label = "harbor"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from tests.harbor import policies  # noqa: F401 - declares the rules
