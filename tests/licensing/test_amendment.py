"""The next version of an agreement: signed by all, licenses reissued, no gap, no second quota."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from django.db import connection

from catalog import actions as catalog
from contracts import actions as contracts
from contracts import errors, terms
from contracts.models import Agreement, Amendment, Signature
from core.errors import Forbidden, NotAllowedNow, NotFound
from gateway import queries as usage
from gateway.models import UsageDaily
from gateway.snapshot import SNAPSHOT_SQL, Snapshot, build
from licensing import actions, queries
from licensing.errors import UnderMeasure
from licensing.models import Credential, License
from notify.models import Message
from parties.errors import ProofWrong
from tests.builders.applications import City, day
from tests.builders.licensing import Licensed, key_of
from tests.builders.signing import proof_of
from workflow.models import AuditEntry

AT = day("2026-11-05")
TIGHTER = {"quota": {"every": {"per_month": 100_000}}, "retention": {"days": 7}}


def propose(stage: Licensed, changes: dict[str, Any] | None = None, **v: Any) -> Amendment:
    said = {"reason": "用量减少", "actor": stage.city.agent, "at": AT, **v}
    return contracts.propose_amendment(
        agreement_id=stage.agreement.pk, changes=changes or TIGHTER, **said
    )


def sign(amendment: Amendment, who: Any, at: datetime = AT) -> Amendment:
    return contracts.sign_amendment(
        amendment_id=amendment.pk,
        text_hash=amendment.text_hash,
        proof=proof_of(who, at=at),
        actor=who,
        at=at,
    )


def signers(city: City) -> tuple[Any, ...]:
    return city.legal_rep, city.leader, city.second_leader


def amended(stage: Licensed, changes: dict[str, Any] | None = None) -> Amendment:
    amendment = propose(stage, changes)
    for who in signers(stage.city):
        sign(amendment, who)
    return Amendment.objects.get(pk=amendment.pk)


def now(stage: Licensed) -> Agreement:
    return Agreement.objects.get(pk=stage.agreement.pk)


def live(stage: Licensed) -> dict[str, License]:
    rows = License.objects.filter(agreement=stage.agreement, state__in=License.LIVE)
    return {row.dataset.code: row for row in rows.select_related("dataset")}


def snapshot() -> Snapshot:
    with connection.cursor() as cursor:
        cursor.execute(SNAPSHOT_SQL)
        return build(cursor.fetchone())


class TestTheNextVersion:
    def test_is_the_next_number_with_its_difference_and_holds_with_the_last_signature(
        self, stage: Licensed
    ) -> None:
        before = now(stage)
        amendment = propose(stage)
        assert amendment.version == before.text_version + 1
        difference = {path: (old, new) for path, old, new in amendment.changes}
        assert difference["retention.days"][1] == 7
        assert difference["retention.days"][0] == before.terms["retention"]["days"]
        for who in signers(stage.city)[:2]:
            sign(amendment, who)
        assert now(stage).text_hash == before.text_hash, "version n holds until all have signed"
        assert set(live(stage)) == {"D01", "D07"}
        sign(amendment, stage.city.second_leader)
        after = now(stage)
        assert (after.state, after.text_version) == ("EFFECTIVE", amendment.version)
        assert after.text_hash == amendment.text_hash != before.text_hash
        assert after.terms["retention"]["days"] == 7
        assert after.documents.filter(kind="SIGNED", text_version=amendment.version).exists()

    def test_carries_the_signatures_of_all_parties_and_keeps_those_of_the_one_before(
        self, stage: Licensed
    ) -> None:
        amendment = amended(stage)
        standing = Signature.objects.filter(agreement=stage.agreement, voided_at=None)
        assert {row.signer_id for row in standing} == {w.pk for w in signers(stage.city)}
        assert set(standing.values_list("text_hash", flat=True)) == {amendment.text_hash}
        old = Signature.objects.filter(agreement=stage.agreement).exclude(voided_at=None)
        assert set(old.values_list("text_version", flat=True)) == {amendment.version - 1}

    def test_is_signed_in_any_order_once_by_each_and_only_as_it_was_read(
        self, stage: Licensed
    ) -> None:
        amendment = propose(stage)
        sign(amendment, stage.city.leader)
        with pytest.raises(errors.AlreadySigned):
            sign(amendment, stage.city.leader)
        with pytest.raises(errors.TextChanged):
            contracts.sign_amendment(
                amendment_id=amendment.pk, text_hash=now(stage).text_hash,
                proof=proof_of(stage.city.legal_rep, at=AT), actor=stage.city.legal_rep, at=AT,
            )  # fmt: skip
        with pytest.raises(Forbidden):
            sign(amendment, stage.city.agent)
        with pytest.raises(NotFound):
            sign(amendment, stage.city.stranger)
        assert amendment.signatures.count() == 1

    def test_is_not_signed_without_the_proof_of_the_signer(self, stage: Licensed) -> None:
        amendment, who = propose(stage), stage.city.legal_rep
        proof = proof_of(who, at=AT)
        said = {"amendment_id": amendment.pk, "text_hash": amendment.text_hash, "at": AT}
        with pytest.raises(ProofWrong):
            contracts.sign_amendment(
                **said, proof=type(proof)("Wrong-password-1", proof.code), actor=who
            )
        assert not amendment.signatures.exists()

    def test_is_told_to_the_signers_and_when_it_holds_to_everybody(
        self, stage: Licensed
    ) -> None:
        amended(stage)
        for who in signers(stage.city):
            assert Message.objects.filter(recipient=who, key__contains=":amendment:").exists()
        for who in (stage.city.agent, stage.city.officer, stage.city.case):
            assert Message.objects.filter(recipient=who, key__contains=":in_force").exists()

    def test_declined_or_withdrawn_leaves_everything_as_it_is(self, stage: Licensed) -> None:
        before, numbers = now(stage).text_hash, {r.number for r in live(stage).values()}
        amendment = propose(stage)
        said = {"amendment_id": amendment.pk, "reason": "不同意", "at": AT}
        with pytest.raises(Forbidden):
            contracts.withdraw_amendment(**said, actor=stage.city.officer)
        contracts.decline_amendment(**said, actor=stage.city.leader)
        with pytest.raises(NotAllowedNow):
            sign(amendment, stage.city.legal_rep)
        second = propose(stage)
        contracts.withdraw_amendment(
            amendment_id=second.pk, reason="另议", actor=stage.city.agent, at=AT
        )
        assert now(stage).text_hash == before
        assert {r.number for r in live(stage).values()} == numbers

    def test_falls_with_the_agreement(self, stage: Licensed) -> None:
        amendment = propose(stage)
        contracts.begin_termination(
            agreement_id=stage.agreement.pk, cause="REGULATORY", reason="法规调整",
            legal_basis="协议第21条", actor=stage.city.decider, at=AT,
        )  # fmt: skip
        assert Amendment.objects.get(pk=amendment.pk).state == "WITHDRAWN"


class TestWhatItMayNotDo:
    @pytest.mark.parametrize(
        "changes",
        [
            {"purpose": {"scenario_name": "贷后营销"}},
            {"rights": {"operate": True}},
            {"region": {"cross_border": True}},
        ],
    )
    def test_change_the_purpose_or_widen_what_was_granted(
        self, stage: Licensed, changes: dict[str, Any]
    ) -> None:
        acts = AuditEntry.objects.count()
        with pytest.raises((errors.WidensGrant, errors.TooLoose)):
            propose(stage, changes)
        assert (Amendment.objects.count(), AuditEntry.objects.count()) == (0, acts)

    def test_give_back_what_an_amendment_took(self, stage: Licensed) -> None:
        """Scope that was given up is granted again by an application only."""
        fields = terms.parse(now(stage).terms).dataset("D01").fields  # type: ignore[union-attr]
        kept = sorted(fields)[:-1]  # type: ignore[arg-type]
        amended(stage, {"scope": {"datasets": [{"code": "D01", "fields": kept}]}})
        with pytest.raises(errors.WidensGrant):
            propose(stage, {"scope": {"datasets": [{"code": "D01", "fields": sorted(fields)}]}})  # type: ignore[arg-type]

    def test_come_beside_another_one_or_without_a_reason(self, stage: Licensed) -> None:
        with pytest.raises(errors.ReasonMissing):
            propose(stage, reason=" ")
        propose(stage)
        with pytest.raises(errors.AmendmentOpen):
            propose(stage)
        assert Amendment.objects.count() == 1

    def test_be_proposed_by_the_office_or_under_a_suspended_agreement(
        self, stage: Licensed
    ) -> None:
        with pytest.raises(Forbidden):
            propose(stage, actor=stage.city.case)
        contracts.suspend_agreement(
            agreement_id=stage.agreement.pk, reason="核查", actor=stage.city.supervisor, at=AT
        )
        with pytest.raises(NotAllowedNow):
            propose(stage)

    def test_take_effect_over_a_measure(self, stage: Licensed) -> None:
        amendment = propose(stage)
        for who in signers(stage.city)[:2]:
            sign(amendment, who)
        actions.suspend_license(
            license_id=stage.licenses["D01"].pk, reason="超场景", actor=stage.city.supervisor, at=AT
        )
        before = now(stage).text_hash
        with pytest.raises(UnderMeasure):
            sign(amendment, stage.city.second_leader)
        assert now(stage).text_hash == before
        assert amendment.signatures.count() == 2
        assert License.objects.filter(agreement=stage.agreement).count() == 2

    def test_outlast_a_dataset(self, stage: Licensed) -> None:
        catalog.set_dataset_term(
            dataset_id=stage.licenses["D01"].dataset_id, open_from=None,
            open_to=date(2027, 10, 19), operated_to=None, basis="清单",
            actor=stage.city.leader, at=AT,
        )  # fmt: skip
        with pytest.raises((errors.TermOutlastsDataset, errors.TooLoose)):
            propose(stage, {"term": {"months": 13}})


class TestTheLicenses:
    def test_are_superseded_by_new_ones_under_the_new_terms(self, stage: Licensed) -> None:
        old = live(stage)
        amended(stage)
        new = live(stage)
        assert set(new) == {"D01", "D07"}
        for code, row in new.items():
            assert row.state == "ACTIVE"
            assert row.replaces_id == old[code].pk
            assert row.quota["per_month"] <= 100_000
            assert row.serial not in {one.serial for one in old.values()}
            assert row.documents.count() == 2
            was = License.objects.get(pk=old[code].pk)
            assert (was.state, row.number in was.end_reason) == ("SUPERSEDED", True)

    def test_end_with_a_term_that_was_made_shorter(self, stage: Licensed) -> None:
        amended(stage, {"term": {"months": 6}})
        assert now(stage).valid_to == date(2027, 4, 19)
        assert {row.valid_to for row in live(stage).values()} == {date(2027, 4, 19)}

    def test_are_opened_by_the_same_key_at_every_reading_of_a_gate(
        self, stage: Licensed
    ) -> None:
        key = key_of(stage)
        before = snapshot()
        amended(stage)
        after = snapshot()
        assert Credential.objects.get(pk=key.credential_id).state == "ACTIVE"
        for reading in (before, after):
            [holder] = reading.holders.values()
            assert {g.license_state for g in holder.grants.values()} == {"ACTIVE"}
        [holder] = after.holders.values()
        assert holder.grants["D01"].per_month == 100_000

    def test_go_on_with_the_quota_and_the_usage_of_those_before(self, stage: Licensed) -> None:
        key_of(stage)
        first = live(stage)["D01"]
        UsageDaily.objects.create(license_id=first.pk, day=AT.date(), billable=60)
        amended(stage)
        second = live(stage)["D01"]
        amended(stage, {"retention": {"days": 5}})
        third = live(stage)["D01"]
        assert queries.chain_of(license_id=third.pk) == (first.pk, second.pk, third.pk)
        assert queries.chain_of(license_id=first.pk) == (first.pk, second.pk, third.pk)
        [holder] = snapshot().holders.values()
        assert holder.grants["D01"].account == first.pk
        UsageDaily.objects.create(license_id=third.pk, day=AT.date(), billable=5)
        assert usage.month_usage(license_id=third.pk, at=AT) == 65

    def test_wait_for_a_dataset_that_stands_still(self, stage: Licensed) -> None:
        catalog.suspend_dataset(
            dataset_id=stage.licenses["D01"].dataset_id, reason="核查",
            actor=stage.city.supervisor, at=AT,
        )  # fmt: skip
        amended(stage)
        assert {code: row.state for code, row in live(stage).items()} == {
            "D01": "ISSUED",
            "D07": "ACTIVE",
        }
