from django.apps import AppConfig


class SettlementConfig(AppConfig):
    name = "settlement"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from settlement import books, duties, policies, rules  # noqa: F401 - they register
        from workflow import baseline

        baseline.register("settlement", rules.install)
