"""Hypothesis strategies for terms: every shape, every operator, partial or not."""

from __future__ import annotations

from typing import Any, get_args

from hypothesis import strategies as st

from contracts import shapes
from contracts.terms import Terms, parse

NAMES = ("alpha", "beta", "gamma")
CODES = ("D01", "D07")
numbers = st.integers(0, 5)
flags = st.booleans()
names = st.lists(st.sampled_from(NAMES), min_size=1, max_size=3)
words = st.sampled_from(NAMES[:2])


def maybe(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Return a strategy that also says nothing."""
    return st.none() | strategy


def shape(**entries: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Return a strategy for a shape of which every entry may be absent."""
    return st.fixed_dictionaries({name: maybe(entry) for name, entry in entries.items()})


modes = st.sampled_from(shapes.MODES)
limits = shape(per_month=numbers, per_day=numbers, rate_per_second=numbers)
datasets = st.lists(st.sampled_from(CODES), unique=True, max_size=2).flatmap(
    lambda codes: st.tuples(
        *(
            st.fixed_dictionaries(
                {
                    "code": st.just(code),
                    "fields": maybe(names),
                    "filters": maybe(st.dictionaries(st.sampled_from(NAMES), names, max_size=2)),
                    "transforms": maybe(
                        st.dictionaries(
                            st.sampled_from(NAMES),
                            st.sampled_from(get_args(shapes.Transform)),
                            max_size=2,
                        )
                    ),
                    "mode": maybe(modes),
                    "group_size_min": maybe(numbers),
                }
            )
            for code in codes
        )
    )
)
plain = st.fixed_dictionaries(
    {
        "purpose": maybe(shape(scenario_name=words)),
        "scope": maybe(st.fixed_dictionaries({"datasets": datasets})),
        "rights": maybe(shape(holding=flags, use=flags, operate=flags, internal_only=flags)),
        "delivery": maybe(shape(formats=names, clients_max=numbers, reviewed_clients_only=flags)),
        "quota": maybe(
            shape(
                every=limits,
                datasets=st.dictionaries(st.sampled_from(CODES), limits, max_size=2),
                warn_percent=numbers,
            )
        ),
        "environment": maybe(shape(mode=modes, protection_level=st.integers(1, 4))),
        "region": maybe(shape(region=st.sampled_from(shapes.REGIONS), cross_border=flags)),
        "onward_transfer": maybe(
            shape(allowed=st.sampled_from(("NAMED_PROCESSORS", "NONE")), processors=names)
        ),
        "security": maybe(
            shape(controls=names, log_retention_months=numbers, incident_notice_hours=numbers)
        ),
        "fee": maybe(shape(free_of_charge=flags, deposit_fen=numbers)),
        "exit": maybe(shape(disposal=st.sampled_from(("RETURN", "DESTROY")), certificate=flags)),
        "term": maybe(shape(months=st.integers(1, 12))),
    }
)
terms: st.SearchStrategy[Terms] = plain.map(parse)
