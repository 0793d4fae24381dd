"""Datasets that follow the clock: D03-D06, D09, D12-D14."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import timedelta
from random import Random
from typing import Any

from demo.generator.shapes import LAST_DAY, local, rounded
from demo.generator.tables import MONTHS
from demo.generator.words import DISTRICTS

Row = tuple[Any, ...]
_COST_BANDS = ("1千元以下", "1千-3千元", "3千-5千元", "5千-1万元", "1万-3万元", "3万元以上")
_POLLUTANTS = (("化学需氧量", 50), ("氨氮", 5), ("总磷", 0.5), ("二氧化硫", 35), ("氮氧化物", 50))
_ACCIDENTS = ("追尾", "刮擦", "侧面碰撞", "碰撞固定物", "单车侧翻")
_WEATHER = ("晴", "阴", "小雨", "大雨", "雾")


def _rush(minute: int) -> float:
    """Return how busy a city is at a minute of the day, from 0.1 to about 1."""
    morning = math.exp(-(((minute - 480) / 75) ** 2))
    evening = math.exp(-(((minute - 1_080) / 90) ** 2))
    return 0.1 + 0.9 * max(morning, evening) + 0.25 * (420 < minute < 1_260)


def d03(rng: Random) -> Iterator[Row]:
    """Yield settlements by month, district, class of hospital and DIP group, ten visits or more."""
    groups = [
        f"DIP-{chapter:02d}{number:02d}" for chapter in range(1, 13) for number in range(1, 9)
    ]
    for month in MONTHS:
        for district in DISTRICTS:
            for hospital_class in ("三级甲等", "三级乙等", "二级甲等", "一级"):
                for group in rng.sample(groups, 40):
                    visits = int(rng.expovariate(1 / 40))
                    if visits < 10:
                        continue
                    share = rounded(rng.uniform(0.45, 0.85), 4)
                    band = rng.choice(_COST_BANDS)
                    yield month, district, hospital_class, group, visits, band, share


def d04(rng: Random) -> Iterator[Row]:
    """Yield patients and beds of sixty hospitals by the hour, for fourteen days."""
    beds = [rng.randrange(80, 2_000) for _hospital in range(60)]
    for hour in range(14 * 24):
        busy = _rush(hour % 24 * 60)
        for hospital, there in enumerate(beds, start=1):
            yield (
                local(LAST_DAY - timedelta(days=14), minutes=hour * 60),
                f"YL{hospital:04d}",
                int(there * 0.25 * busy * rng.uniform(0.7, 1.3)),
                int(there * 0.03 * rng.uniform(0.5, 1.5)),
                there,
                int(there * rng.uniform(0.75, 0.98)),
            )


def d05(rng: Random) -> Iterator[Row]:
    """Yield vehicles and speeds by five minutes and grid, for one day."""
    cells = [(rng.randrange(60), rng.randrange(60)) for _cell in range(110)]
    for slot in range(288):
        busy = _rush(slot * 5)
        for x, y in cells:
            mode = "公交" if (x + y) % 2 else "出租"
            yield (
                local(LAST_DAY, minutes=slot * 5),
                f"G05-{x:03d}-{y:03d}",
                int(3 + 40 * busy * rng.random()),
                rounded(48 - 26 * busy + rng.uniform(-6, 6), 1),
                mode,
            )


def d06(rng: Random) -> Iterator[Row]:
    """Yield accidents by month and grid."""
    cells = [f"G10-{rng.randrange(50):03d}-{rng.randrange(50):03d}" for _cell in range(220)]
    for month in MONTHS:
        for cell in cells:
            severity = rng.choices(("轻微", "一般", "较重"), weights=(70, 25, 5))[0]
            kind, weather = rng.choice(_ACCIDENTS), rng.choice(_WEATHER)
            yield month, cell, rng.randrange(3, 20), kind, severity, weather


def d09(rng: Random) -> Iterator[Row]:
    """Yield hourly means of pollutants at eighty sites, for four days."""
    for hour in range(4 * 24):
        for site in range(1, 81):
            pollutant, limit = _POLLUTANTS[site % len(_POLLUTANTS)]
            value = rounded(limit * rng.betavariate(3, 3) * 1.15, 2)
            yield (
                local(LAST_DAY - timedelta(days=4), minutes=hour * 60),
                f"PW{site:04d}-1",
                pollutant,
                value,
                rounded(limit, 2),
                value > limit,
            )


def d12(rng: Random) -> Iterator[Row]:
    """Yield observed and forecast weather on a grid over the lake, for twelve hours."""
    for step in range(72):
        warmth = 22 + 6 * math.sin(step / 72 * math.pi)
        for cell in range(120):
            for lead_time in (0, 3, 6):
                wet = rng.random() < 0.1
                yield (
                    local(LAST_DAY, minutes=step * 10),
                    f"T01-{cell // 12:03d}-{cell % 12:03d}",
                    rounded(warmth + rng.uniform(-1, 1), 1),
                    rounded(rng.expovariate(0.4), 1) if wet else rounded(0, 1),
                    rounded(rng.uniform(0.5, 9), 1),
                    rounded(rng.uniform(3, 20), 1),
                    lead_time,
                )


def d13(rng: Random) -> Iterator[Row]:
    """Yield level and flow of twelve stations by the minute, for one day."""
    levels = [3.1 + 0.05 * station for station in range(12)]
    for minute in range(24 * 60):
        for station, level in enumerate(levels):
            levels[station] = min(4.6, max(2.8, level + rng.gauss(0, 0.003)))
            gate = "开启" if levels[station] > 3.4 else "关闭"
            yield (
                local(LAST_DAY, minutes=minute),
                f"SW{station + 1:02d}",
                rounded(levels[station], 2),
                rounded(38 + 30 * (levels[station] - 3) + rng.uniform(-2, 2), 1),
                gate,
            )


def d14(rng: Random) -> Iterator[Row]:
    """Yield passengers of eighty stations by the quarter hour; fewer than ten are left out."""
    for day in range(3):
        date = LAST_DAY - timedelta(days=3 - day)
        for slot in range(24, 92):
            busy = _rush(slot * 15)
            for station in range(80):
                counts = [int(420 * busy * rng.random() ** 2) for _direction in range(2)]
                came, went = (count if count >= 10 else None for count in counts)
                yield (
                    local(date, minutes=slot * 15),
                    f"DT{station % 4 + 1}-{station // 4 + 1:02d}",
                    came,
                    went,
                    date.weekday() >= 5,
                )
