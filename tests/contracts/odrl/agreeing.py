"""Random terms and calls for them, the facts of their policies, and the policies themselves."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from contracts import shapes
from contracts.odrl import jsonld
from contracts.odrl.calls import CallFacts
from contracts.odrl.facts import Facts, Party, party_iri
from contracts.odrl.model import Policy
from contracts.odrl.reader import read_policy
from contracts.odrl.writer import policy_of
from contracts.terms import Terms, parse
from tests.contracts import strategies as s

LICENSEE = Party("913202000000DEM185", "锡城示例征信科技有限公司")
PROVIDER = Party("11320200000000001A", "示例市市场监督管理局")
FROM, TO = date(2026, 10, 20), date(2027, 10, 19)
NOON = datetime(2026, 11, 3, 4, tzinfo=UTC)
COLUMNS = s.NAMES
FILTERABLE = ("alpha", "beta")
FACTS = Facts(
    policy_id="urn:uuid:00000000-0000-0000-0000-000000000001",
    number="锡数协〔2026〕00001号",
    version=1,
    licensee=LICENSEE,
    providers=dict.fromkeys((*s.CODES, "D08"), PROVIDER),
    filterable=dict.fromkeys((*s.CODES, "D08"), FILTERABLE),
    valid_from=FROM,
    valid_to=TO,
)
SCENARIOS = ("CJ-2026-00001", "CJ-2026-00002")
PURPOSES = ("PUBLIC_GOVERNANCE", "INDUSTRY")
FORMATS = ("CSV", "JSON")
PLACES = ("CITY", "PROVINCE", "COUNTRY", "ABROAD")

_flags = st.booleans()
_small = st.integers(0, 5)
_modes = st.sampled_from(shapes.MODES)
_words = st.sampled_from(s.NAMES[:2])


def _maybe(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | strategy


def _shape(**entries: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({name: _maybe(entry) for name, entry in entries.items()})


def _often(usual: Any, *others: Any) -> st.SearchStrategy[Any]:
    """Return a strategy that mostly gives one value; the others come one time in ten each."""
    return st.sampled_from([usual] * 10 + list(others or (not usual,)))


few = st.sampled_from((0, 1, 2, 3, 6, 9, 9, 9))
some_fields = st.sampled_from((("alpha", "beta"), ("alpha", "beta", "gamma"), ("beta",), ()))
_dataset = st.fixed_dictionaries(
    {
        "fields": _maybe(some_fields) | some_fields | some_fields,
        "filters": st.none() | st.dictionaries(st.sampled_from(s.NAMES), s.names, max_size=2),
        "transforms": st.none()
        | st.dictionaries(
            st.sampled_from(s.NAMES), st.sampled_from(shapes.TRANSFORMS), max_size=2
        ),
        "mode": _maybe(_modes),
        "group_size_min": _maybe(_small),
    }
)
_scope = st.dictionaries(st.sampled_from(s.CODES), _dataset, min_size=1).map(
    lambda found: {"datasets": [{"code": code, **stated} for code, stated in found.items()]}
)
_limits = _shape(per_total=few, per_month=few, per_day=few, rate_per_second=few, rows_per_call=few)
_DENSE = st.fixed_dictionaries(
    {
        "scope": _scope,
        "rights": _maybe(
            _shape(holding=_flags, use=_often(True), operate=_flags, internal_only=_flags)
        ),
        "purpose": _maybe(
            _shape(
                purpose_class=st.sampled_from(PURPOSES),
                scenario_code=st.just(SCENARIOS[0]),
                scenario_name=_words,
            )
        ),
        "delivery": _maybe(
            _shape(
                formats=st.sampled_from((["JSON"], ["CSV", "JSON"], ["CSV"], [])),
                clients_max=few,
                reviewed_clients_only=_flags,
                recipients=s.names,
            )
        ),
        "quota": _maybe(
            _shape(
                every=_limits,
                datasets=st.dictionaries(st.sampled_from(s.CODES), _limits, max_size=2),
            )
        ),
        "environment": _maybe(_shape(mode=_modes, protection_level=st.integers(1, 4))),
        "onward_transfer": _maybe(
            _shape(allowed=_often("NAMED_PROCESSORS", "NONE"), processors=s.names,
                    sub_delegation=_flags, interfaces=_flags)
        ),
        "desensitization": _maybe(_shape(reidentification_ban=_flags, output_check=_flags)),
        "consent": _maybe(_shape(datasets=st.lists(st.sampled_from(s.CODES), max_size=2))),
    }
)


def _joined(parts: tuple[dict[str, Any], dict[str, Any]]) -> Terms:
    plain, dense = parts
    return parse({**plain, **{name: value for name, value in dense.items() if value is not None}})


random_terms: st.SearchStrategy[Terms] = st.tuples(s.few(Terms, entries=4), _DENSE).map(_joined)
_names = st.lists(st.sampled_from((*s.NAMES, "delta")), unique=True, max_size=3).map(tuple)
_pairs = st.dictionaries(
    st.sampled_from((*s.NAMES, "delta")), st.sampled_from((*s.NAMES, "delta")), max_size=2
).map(lambda found: tuple(sorted(found.items())))
_moments = st.sampled_from(
    [NOON, datetime(2026, 10, 19, 15, 59, 59, 999_999, tzinfo=UTC),
     datetime(2026, 10, 19, 16, tzinfo=UTC), datetime(2027, 10, 19, 15, 59, 59, tzinfo=UTC),
     datetime(2027, 10, 19, 16, tzinfo=UTC)]
) | st.integers(-500, 500).map(lambda days: NOON + timedelta(days=days))  # fmt: skip
ACTIONS = ("odrl:read", "odrl:distribute", "odrl:sell", "odrl:use", "datadeed:operate",
           "datadeed:hold", "datadeed:reidentify", "datadeed:transferAbroad",
           "datadeed:provideExternally", "datadeed:subDelegate", "datadeed:provideInterface",
           "datadeed:registerClient")  # fmt: skip
_some = st.sampled_from


def _mostly(usual: Any, *others: Any) -> st.SearchStrategy[Any]:
    return st.sampled_from([usual] * 20 * len(others) + list(others))


def calls(**fixed: st.SearchStrategy[Any]) -> st.SearchStrategy[CallFacts]:
    """Return random calls, most of them near to what terms allow."""
    parts: dict[str, st.SearchStrategy[Any]] = {
        "dataset": _mostly("D01", "D07", "D09"),
        "licensee": _mostly(LICENSEE.uscc, "913202000000DEM260"),
        "at": st.just(NOON) | st.just(NOON) | st.just(NOON) | _moments,
        "scenario": _mostly(SCENARIOS[0], SCENARIOS[1], ""),
        "purpose_class": _mostly(PURPOSES[1], PURPOSES[0], None),
        "agreement_state": _mostly("EFFECTIVE", "SUSPENDED", "EXPIRED", "TERMINATED"),
        "license_state": _mostly("ACTIVE", "ISSUED", "SUSPENDED", "EXPIRED", "REVOKED"),
        "dataset_state": _mostly("PUBLISHED", "SUSPENDED"),
        "fields": _some(((), (), ("beta",), ("alpha", "beta"))) | _names,
        "filters": st.just(()) | _some(((("alpha", "alpha"),), (("beta", "beta"),))) | _pairs,
        "rows": _mostly(1, 2, 3, 5, 6),
        "continuation": _mostly(False, True),
        "in_sandbox": _often(True),
        "calls_total": _mostly(1, 2, 3, 7),
        "calls_month": _mostly(1, 2, 3, 7),
        "calls_day": _mostly(1, 2, 3, 7),
        "calls_second": _mostly(1, 2, 3, 7),
        "format": _mostly("JSON", "CSV", "PARQUET", None),
        "channel": _mostly("API", "RAW_EXPORT", None),
        "client_reviewed": _mostly(True, False, None),
        "protection_level": _mostly(4, 1, 2, 3, None),
        "place": _mostly("CITY", *PLACES, None),
        "clients": _mostly(1, 3, 6, None),
        "action": st.just("odrl:read") | _some(ACTIONS),
        **fixed,
    }
    others = _some((None, party_iri("913202000000DEM260"), *s.NAMES))
    usual = _often(None, party_iri("913202000000DEM260"), s.NAMES[0])
    return st.builds(CallFacts, **parts).flatmap(
        lambda call: (usual if call.action == "odrl:read" else others).map(
            lambda recipient: replace(call, recipient=recipient)
        )
    )


def policy_from(terms: Terms, facts: Facts = FACTS) -> Policy:
    """Return the policy of terms as a foreign reader gets it: written, and read again."""
    return read_policy(jsonld.read(policy_of(terms, facts), what="policy"))
