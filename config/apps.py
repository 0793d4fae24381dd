from django.apps import AppConfig


class CompositionConfig(AppConfig):
    name = "config"

    def ready(self) -> None:
        """Make our Celery application the current one, so that shared tasks find their broker."""
        from config import celery  # noqa: F401 - needs the settings to be read
