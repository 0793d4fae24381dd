"""What the gates before opening refuse."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.errors import DomainError, InvalidInput


class GateClosed(DomainError):
    """A gate whose evidence is missing, outdated or says no."""

    code = "gate_closed"
    status = 409


class OpennessTooWide(GateClosed):
    """A class more open than level and persons allow."""

    code = "openness_too_wide"
    default_message = _(
        "This class is too open: fields of level %(level)s allow “%(widest)s” at most. Choose a"
        " stricter class, or bring a desensitization report or the consent of the right-holders."
    )


class ReasonDoesNotFit(InvalidInput):
    """A reason that belongs to another opening class."""

    code = "reason_does_not_fit"


class NoRows(GateClosed):
    """A dataset whose version has no rows yet."""

    code = "no_rows"
    default_message = _("This dataset has no rows yet. Add the data file first.")


class SensitiveFieldsFound(GateClosed):
    """A new version in which the scan found what must not be there."""

    code = "sensitive_fields_found"
    default_message = _(
        "The scan found sensitive content (%(findings)s). The file was not taken; mask it and try"
        " again."
    )


class AssessmentExpired(GateClosed):
    """A risk assessment that is no longer valid."""

    code = "assessment_expired"
    default_message = _("The risk assessment expired on %(day)s. Record a new one.")


class ResidualRiskTooHigh(GateClosed):
    """A residual risk that the opening class does not bear."""

    code = "residual_risk_too_high"
    default_message = _(
        "The residual risk is of level %(level)s, which the class “%(openness)s” does not bear."
        " Hold the dataset as not open or lower the risk."
    )


class EvidenceMissing(GateClosed):
    """Evidence that is not there, or that speaks of another version."""

    code = "evidence_missing"
    default_message = _("The evidence does not cover the present version: %(what)s.")


class NoDataOfficer(GateClosed):
    """A provider without a named data officer. Source: clause A16."""

    code = "no_data_officer"
    default_message = _("The provider has no data officer. Name one before anything is published.")


class ProviderNotVerified(GateClosed):
    """A provider that has not been verified, or is barred."""

    code = "provider_not_verified"
    default_message = _("The provider is not verified. Verify the organization first.")


class ConsentExpired(GateClosed):
    """The consent on which the opening rests has ended."""

    code = "consent_expired"
    default_message = _("The consent of the right-holders ended on %(day)s. Obtain a new one.")


class TermInUse(GateClosed):
    """A shorter term while something reaches beyond it."""

    code = "term_in_use"
    default_message = _(
        "%(what)s reaches beyond this term. Amend or end what reaches beyond it first, or choose a"
        " later day."
    )
