from django.apps import AppConfig


class OversightConfig(AppConfig):
    name = "oversight"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from applications import registers
        from oversight import (  # noqa: F401
            baseline,
            duties,
            handlers,
            policies,
            queries,
            topics,
        )
        from oversight.party_record import violations_section
        from parties import records
        from workflow import baseline as installers

        installers.register("oversight", baseline.install)
        duties.register()
        # Reviewers of a later application see the record; that app cannot know this one.
        registers.connect(registers.VIOLATIONS, queries.violation_lines)
        records.register("violations", violations_section)
