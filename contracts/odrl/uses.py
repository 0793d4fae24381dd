"""
What may be done with each dataset: the permissions and prohibitions of a policy. Pure.

One permission per dataset carries everything a single call is measured by.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

from contracts.lattice import leaves
from contracts.odrl.facts import Facts, dataset_iri, scenario_iri
from contracts.odrl.profile_terms import SANDBOX, filter_value
from contracts.odrl.vocabulary import DATADEED
from contracts.shapes import MODES, DatasetScope
from contracts.terms import Terms
from core import clock

Entry = dict[str, Any]
LIMITS = {
    "per_total": "datadeed:callsInAll",
    "per_month": "datadeed:callsThisMonth",
    "per_day": "datadeed:callsThisDay",
    "rate_per_second": "datadeed:callsThisSecond",
    "rows_per_call": "datadeed:rows",
}


def limit(left: str, operator: str, right: Any, *paths: str) -> Entry:
    """Return a constraint that says which entries it comes from."""
    entry: Entry = {"leftOperand": left, "operator": operator, "rightOperand": right}
    return {**entry, "datadeed:term": list(paths)} if paths else entry


def terms_of(entries: Any) -> set[str]:
    """Return every entry of the terms that parts of a policy come from."""
    if isinstance(entries, list):
        return {path for one in entries for path in terms_of(one)}
    if not isinstance(entries, dict):
        return set()
    own = entries.get("datadeed:term", [])
    found = {own} if isinstance(own, str) else set(own)
    return found | {path for one in entries.values() for path in terms_of(one)}


class Uses:
    """The rules of one agreement about its datasets."""

    def __init__(self, terms: Terms, facts: Facts) -> None:
        self._terms, self._facts = terms, facts
        self._stated = leaves(terms)
        self._datasets = (terms.scope.datasets if terms.scope else None) or ()

    def rules(self) -> tuple[list[Entry], list[Entry]]:
        """Return the permissions and the prohibitions."""
        permissions = [self._use(one) for one in self._datasets if self._usable(one)]
        prohibitions: list[Entry] = []
        for granted, entry in self._everywhere():
            (permissions if granted else prohibitions).append(entry)
        return permissions, prohibitions

    def _usable(self, dataset: DatasetScope) -> bool:
        rights, delivery = self._terms.rights, self._terms.delivery
        if delivery is not None and delivery.formats == ():
            return False
        return bool(dataset.fields) and not (rights and rights.use is False)

    def _use(self, dataset: DatasetScope) -> Entry:
        code, base = dataset.code, f"scope.datasets.{dataset.code}"
        rule = self._rule("use", "odrl:read", [code], [f"{base}.code", *self._said("rights.use")])
        constraints = [
            *self._in_force(),
            *self._purpose(),
            limit("datadeed:field", "isPartOf", list(dataset.fields or ()), f"{base}.fields"),
            *self._filters(dataset, base),
            *self._mode(dataset, base),
            *self._quota(code),
            *self._surroundings(),
        ]
        rule["constraint"] = constraints
        consent = self._terms.consent
        if consent and code in (consent.datasets or ()):
            rule["duty"] = [
                {
                    "@id": f"{self._facts.policy_id}#consent-{quote(code)}",
                    "@type": "Duty",
                    "action": "odrl:obtainConsent",
                    "datadeed:term": "consent.datasets",
                }
            ]
        return rule

    def _rule(
        self,
        name: str,
        action: Any,
        codes: Iterable[str],
        paths: Iterable[str],
        *,
        bans: bool = False,
    ) -> Entry:
        listed = sorted(codes)
        ending = f"-{quote(listed[0])}" if name == "use" else ""
        return {
            "@id": f"{self._facts.policy_id}#{name}{ending}",
            "@type": "Prohibition" if bans else "Permission",
            "assigner": sorted({self._facts.providers[code].iri for code in listed}),
            "assignee": self._facts.licensee.iri,
            "target": [{"@id": dataset_iri(code), "@type": "Asset"} for code in listed],
            "action": action,
            "datadeed:term": list(paths),
        }

    def _said(self, *paths: str) -> list[str]:
        return [path for path in paths if path in self._stated]

    def _in_force(self) -> list[Entry]:
        return [
            *self._lasting(),
            limit("datadeed:licenseState", "eq", "ACTIVE"),
            limit("datadeed:datasetState", "eq", "PUBLISHED"),
        ]

    def _lasting(self) -> list[Entry]:
        return [*self._days(), limit("datadeed:agreementState", "eq", "EFFECTIVE")]

    def _days(self) -> list[Entry]:
        first, last = self._facts.valid_from, self._facts.valid_to
        if first is None or last is None:
            return []
        bounds = (("gteq", clock.start_of_day(first)), ("lt", clock.end_of_day(last)))
        return [
            limit("odrl:dateTime", operator, {"@value": at.isoformat(), "@type": "xsd:dateTime"})
            for operator, at in bounds
        ]

    def _purpose(self) -> list[Entry]:
        stated, found = self._terms.purpose, []
        if stated and stated.scenario_code:
            right = {"@id": scenario_iri(stated.scenario_code)}
            found.append(limit("odrl:purpose", "eq", right, "purpose.scenario_code"))
        if stated and stated.purpose_class:
            path = "purpose.purpose_class"
            found.append(limit("datadeed:purposeClass", "eq", stated.purpose_class, path))
        return found

    def _filters(self, dataset: DatasetScope, base: str) -> list[Entry]:
        rows = dataset.filters or {}
        named = self.filters(dataset)
        found = [
            limit("datadeed:filterField", "isPartOf", named)
            if named
            else limit("datadeed:filterCount", "eq", 0)
        ]
        for name, allowed in sorted(rows.items()):
            path = f"{base}.filters.{name}"
            free = limit("datadeed:filterField", "isNoneOf", [name])
            if not allowed:
                found.append({**free, "datadeed:term": [path]})
                continue
            chosen = limit(f"{filter_value(name)}", "isAnyOf", list(allowed))
            found.append({"or": [free, chosen], "datadeed:term": [path]})
        return found

    def filters(self, dataset: DatasetScope) -> list[str]:
        """Return the fields calls for a dataset may filter by."""
        changed = {n for n, rule in (dataset.transforms or {}).items() if rule != "KEEP"}
        verifies = dataset.mode == "VERIFY_ONLY"
        named = {
            name
            for name in self._facts.filterable.get(dataset.code, ())
            if (verifies or name in (dataset.fields or ())) and name not in changed
        }
        return sorted(named | set(dataset.filters or {}))

    def _mode(self, dataset: DatasetScope, base: str) -> list[Entry]:
        paths = self._said(f"{base}.mode")
        environment = self._terms.environment
        floor = environment.mode if environment else None
        if floor and (not dataset.mode or MODES.index(floor) >= MODES.index(dataset.mode)):
            paths += self._said("environment.mode")
        mode = dataset.mode
        if mode is None:
            return []
        channels = ["API", "RAW_EXPORT"] if mode == "RAW_EXPORT" else ["API"]
        found = [limit("odrl:deliveryChannel", "isAnyOf", channels, *paths)]
        if mode == "SANDBOX":
            found.append(limit("odrl:virtualLocation", "eq", {"@id": SANDBOX}, *paths))
        if mode == "VERIFY_ONLY":
            found += [
                limit("datadeed:filterCount", "gteq", 1, *paths),
                limit("datadeed:rows", "lteq", 1, *paths),
                limit("datadeed:continuation", "eq", False, *paths),
            ]
        return found

    def _quota(self, code: str) -> list[Entry]:
        limits, found = self._terms.quota_of(code), []
        for name, left in LIMITS.items():
            value = getattr(limits, name)
            if value is not None:
                paths = self._said(f"quota.every.{name}", f"quota.datasets.{code}.{name}")
                found.append(limit(left, "lteq", value, *paths))
        return found

    def _surroundings(self) -> list[Entry]:
        delivery, region = self._terms.delivery, self._terms.region
        environment, found = self._terms.environment, []
        if delivery and delivery.formats is not None:
            formats = list(delivery.formats)
            found.append(limit("odrl:fileFormat", "isAnyOf", formats, "delivery.formats"))
        if delivery and delivery.reviewed_clients_only:
            path = "delivery.reviewed_clients_only"
            found.append(limit("datadeed:clientReviewed", "eq", True, path))
        if environment and environment.protection_level is not None:
            path, level = "environment.protection_level", environment.protection_level
            found.append(limit("datadeed:protectionLevel", "gteq", level, path))
        if region and region.region:
            right = {"@id": f"{DATADEED}region:{region.region}"}
            found.append(limit("odrl:spatial", "isPartOf", right, "region.region"))
        receivers = [{"@id": self._facts.licensee.iri}]
        found.append(limit("odrl:recipient", "isAnyOf", receivers))
        return found

    def _everywhere(self) -> list[tuple[bool, Entry]]:
        codes = [one.code for one in self._datasets]
        if not codes:
            return []
        found: list[tuple[bool, Entry]] = []
        rights, region, ban = self._terms.rights, self._terms.region, self._terms.desensitization

        def say(name: str, action: Any, granted: bool | None, path: str) -> None:
            if granted is not None:
                entry = self._rule(name, action, codes, [path], bans=not granted)
                if granted:
                    entry["constraint"] = self._lasting()
                found.append((granted, entry))

        if rights:
            say("hold", "datadeed:hold", rights.holding, "rights.holding")
            operating = ["datadeed:operate", "odrl:sell"]
            say("operate", operating, rights.operate, "rights.operate")
            if rights.use is False:
                say("read", "odrl:read", False, "rights.use")
            if rights.internal_only:
                say("external", "datadeed:provideExternally", False, "rights.internal_only")
        if region:
            say("abroad", "datadeed:transferAbroad", region.cross_border, "region.cross_border")
        if ban and ban.reidentification_ban:
            path = "desensitization.reidentification_ban"
            say("reidentify", "datadeed:reidentify", False, path)
        onward = self._terms.onward_transfer
        if onward:
            path = "onward_transfer.sub_delegation"
            say("sub-delegate", "datadeed:subDelegate", onward.sub_delegation, path)
            path = "onward_transfer.interfaces"
            say("interface", "datadeed:provideInterface", onward.interfaces, path)
        return [*found, *self._passing_on(codes), *self._clients(codes)]

    def _passing_on(self, codes: list[str]) -> list[tuple[bool, Entry]]:
        stated = self._terms.onward_transfer
        if stated is None or stated.allowed is None:
            return []
        paths = self._said("onward_transfer.allowed", "onward_transfer.processors")
        names = list(stated.processors or ()) if stated.allowed == "NAMED_PROCESSORS" else []
        ban = self._rule("pass-on-ban", "odrl:distribute", codes, paths, bans=True)
        if not names:
            return [(False, ban)]
        ban["constraint"] = [limit("odrl:recipient", "isNoneOf", names)]
        rule = self._rule("pass-on", "odrl:distribute", codes, paths)
        rule["constraint"] = [*self._lasting(), limit("odrl:recipient", "isAnyOf", names)]
        return [(True, rule), (False, ban)]

    def _clients(self, codes: list[str]) -> list[tuple[bool, Entry]]:
        delivery = self._terms.delivery
        if delivery is None or (delivery.clients_max is None and not delivery.recipients):
            return []
        constraints = []
        if delivery.clients_max is not None:
            path, most = "delivery.clients_max", delivery.clients_max
            constraints.append(limit("datadeed:clients", "lteq", most, path))
        if delivery.recipients:
            path, names = "delivery.recipients", list(delivery.recipients)
            constraints.append(limit("odrl:recipient", "isAnyOf", names, path))
        rule = self._rule("clients", "datadeed:registerClient", codes, [])
        rule["constraint"] = constraints
        return [(True, rule)]
