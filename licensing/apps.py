from django.apps import AppConfig


class LicensingConfig(AppConfig):
    name = "licensing"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from applications import registers
        from licensing import (  # noqa: F401 - they register
            baseline,
            duties,
            handlers,
            policies,
            queries,
            topics,
        )
        from licensing.party_record import licenses_section
        from parties import records
        from workflow import baseline as installers

        installers.register("licensing", baseline.install)
        # Reviewers see what the applicant holds already; that app cannot know this one.
        registers.connect(registers.LICENSES, queries.license_lines)
        registers.connect_grants(queries.grants_of_party)
        records.register("licenses", licenses_section)
