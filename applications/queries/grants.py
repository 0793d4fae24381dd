"""What the applicant holds already, and the versioned rules that look at it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from applications import fastlane, registers
from applications.models import Application, FastLaneRule, RenewalRule
from core import clock

LEVELS = {"L1": 1, "L2": 2, "L3": 3, "L4": 4}
NO_LANE = 9


@dataclass(frozen=True, slots=True)
class Window:
    """The days on which a renewal may be asked for, both inclusive, and the rule behind them."""

    expires_on: date
    opens_on: date
    closes_on: date
    rule_version: int
    legal_basis: str

    def holds(self, day: date) -> bool:
        """Return whether a day lies inside; the boundary days do."""
        return self.opens_on <= day <= self.closes_on


def fast_lane_rule(*, on: date) -> FastLaneRule | None:
    """Return the version of the rule in force on a day, or None when the lane is closed."""
    rule = FastLaneRule.objects.filter(effective_on__lte=on).order_by("-version").first()
    return rule if rule is not None and rule.enabled else None


def renewal_rule(*, on: date) -> RenewalRule | None:
    """Return the version of the window in force on a day."""
    return RenewalRule.objects.filter(effective_on__lte=on).order_by("-version").first()


def live_grants(application: Application, *, at: datetime) -> tuple[registers.Grant, ...]:
    """Return the licenses that came of a case and still live."""
    held = registers.grants_of(organization_id=application.applicant_id, at=at)
    return tuple(g for g in held if g.application_id == application.pk and g.live)


def renewal_window(application: Application, *, at: datetime) -> Window | None:
    """
    Return when the grant of a case may be renewed, or None without a live license or a rule.

    The window counts calendar days back from the last day of the license that ends first.
    """
    grants = live_grants(application, at=at)
    rule = renewal_rule(on=clock.local_date(at))
    if not grants or rule is None:
        return None
    expires = min(g.valid_to for g in grants)
    return Window(
        expires_on=expires,
        opens_on=expires - timedelta(days=rule.opens_days),
        closes_on=expires - timedelta(days=rule.closes_days),
        rule_version=rule.version,
        legal_basis=rule.legal_basis,
    )


def fast_lane_facts(
    application: Application, *, at: datetime, lookback_months: int
) -> fastlane.Facts:
    """Return what the fast lane looks at, for the case as it is now."""
    held = registers.grants_of(organization_id=application.applicant_id, at=at)
    cases = Application.objects.in_bulk({g.application_id for g in held})
    items = application.items.select_related("dataset").order_by("dataset__code", "id")
    return fastlane.Facts(
        purpose_class=application.purpose_class,
        environment=application.environment,
        monthly_quota=application.monthly_quota or 0,
        onward_supply=application.onward_supply,
        asked=tuple(
            fastlane.Asked(
                code=item.dataset.code,
                level=LEVELS.get(item.dataset.level, NO_LANE),
                fields=tuple(item.fields),
                filters=dict(item.filters),
            )
            for item in items
        ),
        held=tuple(
            fastlane.Held(
                number=g.number,
                application_number=cases[g.application_id].number or "",
                code=g.dataset_code,
                active=g.active,
                fields=g.fields,
                rows=g.rows,
                purpose_class=cases[g.application_id].purpose_class,
                environment=cases[g.application_id].environment,
                monthly_quota=cases[g.application_id].monthly_quota or 0,
            )
            for g in held
        ),
        violations=registers.violations_since(
            organization_id=application.applicant_id, at=at, months=lookback_months
        ),
    )
