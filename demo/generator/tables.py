"""Datasets about enterprises, homes and consents: D01, D02, D07, D08, D10, D11, D15."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from demo.generator.shapes import LAST_DAY, local
from demo.generator.words import (
    CHANGES,
    INDUSTRIES,
    STATUSES,
    STREETS,
    company_code,
    company_name,
    consent_number,
)

Row = tuple[Any, ...]
COMPANIES = 60_000
CHANGE_ROWS = 210_000
TAX_ROWS = 20_000
CONSENTED = 12_000
CHECKS = 20_000
COMMUNITIES = 900
_TAX_BANDS = ("0-10万元", "10万-50万元", "50万-100万元", "100万-500万元", "500万元以上")
_STAFF_BANDS = ("1-9人", "10-49人", "50-99人", "100-299人", "300-999人", "1000人以上")
MONTHS = tuple(f"2026-{month:02d}" for month in range(1, 9))


def d01(rng: Random) -> Iterator[Row]:
    """Yield registrations and changes of companies, the newest last."""
    companies = [_company(rng, serial) for serial in range(COMPANIES)]
    for number in range(CHANGE_ROWS):
        code, name, reg_date, capital, industry, street = companies[
            number if number < COMPANIES else rng.randrange(COMPANIES)
        ]
        # Every company appears once as it was founded, then as it changed, day after day.
        first = number < COMPANIES
        step = (number - COMPANIES) * 600 // (CHANGE_ROWS - COMPANIES)
        change = reg_date if first else LAST_DAY - timedelta(days=600 - step)
        item = CHANGES[0] if first else rng.choice(CHANGES[1:])
        status = "注销" if item == CHANGES[-1] else rng.choice(STATUSES)
        yield code, name, status, reg_date, capital, industry, street, item, change


def _company(rng: Random, serial: int) -> Row:
    founded = date(2001, 1, 1) + timedelta(days=rng.randrange(8_500))
    capital = Decimal(rng.choice((10, 50, 100, 200, 500, 1_000, 5_000))) + Decimal("0.00")
    return (
        company_code(serial=serial),
        company_name(rng=rng),
        founded,
        capital,
        rng.choice(INDUSTRIES),
        rng.choice(STREETS),
    )


def d02(rng: Random) -> Iterator[Row]:
    """Yield credit grades and size bands of taxpayers that consented."""
    for serial in range(TAX_ROWS):
        grade = rng.choices("ABMCD", weights=(30, 40, 15, 10, 5))[0]
        yield (
            company_code(serial=serial * 3),
            grade,
            rng.choice((2024, 2025)),
            rng.choice(_TAX_BANDS),
            grade in "CD" and rng.random() < 0.5,
            consent_number(code="D02", serial=serial + 1),
        )


def d07(rng: Random) -> Iterator[Row]:
    """Yield answers to single questions: is this property mortgaged or sealed?"""
    for serial in range(1, CHECKS + 1):
        mortgaged, sealed = rng.random() < 0.35, rng.random() < 0.02
        minutes = rng.randrange(30 * 24 * 60)
        yield (
            f"HY2026{serial:07d}",
            consent_number(code="D07", serial=serial),
            "Y" if mortgaged or sealed else "N",
            mortgaged,
            sealed,
            local(LAST_DAY - timedelta(days=30), minutes=minutes),
        )


def d08(rng: Random) -> Iterator[Row]:
    """Yield weekly sales of flats by community, none with fewer than five deals."""
    for week in range(1, 36):
        for community in range(COMMUNITIES):
            deals = int(rng.expovariate(0.25))
            if deals < 5:
                continue
            price = 8_000 + community * 23 % 30_000 // 2_000 * 2_000
            area = rng.choice(("60-90", "90-120", "120-144", "144以上"))
            yield f"2026-W{week:02d}", f"XQ{community:05d}", deals, f"{price}-{price + 2_000}", area


def d10(rng: Random) -> Iterator[Row]:
    """Yield size bands of staff insured, of companies that consented."""
    for serial in range(CONSENTED // 4):
        band = rng.randrange(len(_STAFF_BANDS))
        for month in MONTHS:
            yield (
                company_code(serial=serial * 7),
                month,
                _STAFF_BANDS[band],
                rng.random() < 0.3,
                consent_number(code="D10", serial=serial + 1),
            )


def d11(rng: Random) -> Iterator[Row]:
    """Yield whether employers pay into the housing fund, with their consent."""
    for serial in range(CONSENTED // 4):
        months = rng.randrange(1, 120)
        for month in MONTHS:
            paid = rng.random() < 0.96
            months = months + 1 if paid else 0
            yield (
                company_code(serial=serial * 5),
                month,
                paid,
                months,
                consent_number(code="D11", serial=serial + 1),
            )


def d15(rng: Random) -> Iterator[Row]:
    """Yield water use by month, street and class of user."""
    bands = ("下降5%以上", "下降0-5%", "增长0-5%", "增长5%以上")
    for month in MONTHS:
        for street in STREETS:
            for user_class, scale in (("居民", 180_000), ("非居民", 90_000), ("特种", 6_000)):
                volume = int(scale * rng.uniform(0.6, 1.5))
                yield month, street, volume, user_class, rng.choice(bands)
