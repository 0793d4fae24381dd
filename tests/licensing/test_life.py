"""A license stops with what it rests on, comes back with it, and ends for good when it must."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from catalog import actions as catalog
from contracts import actions as contracts
from core.errors import Forbidden, NotAllowedNow, NotFound
from licensing import actions, queries
from licensing.errors import (
    DatasetNotPublished,
    InvalidRestriction,
    LicenseTermOver,
    ReasonMissing,
    SuspendedByMeasure,
)
from licensing.models import Credential, License
from tests.builders.applications import day
from tests.builders.licensing import Licensed, key_of
from workflow import outbox
from workflow.models import AuditEntry

AT = day("2026-11-03")
S = License.State


def suspend(stage: Licensed, code: str = "D01", **changes: Any) -> License:
    facts = {"reason": "异常调用", "actor": stage.city.supervisor, "at": AT, **changes}
    return actions.suspend_license(license_id=stage.licenses[code].pk, **facts)


def state_of(stage: Licensed, code: str = "D01") -> str:
    return stage.license(code).state


def stop_dataset(stage: Licensed) -> None:
    catalog.suspend_dataset(
        dataset_id=stage.license("D01").dataset_id,
        reason="发现敏感字段",
        actor=stage.city.supervisor,
        at=AT,
    )


def resume_dataset(stage: Licensed) -> None:
    catalog.resume_dataset(
        dataset_id=stage.license("D01").dataset_id,
        reason="已整改",
        actor=stage.city.supervisor,
        at=AT,
    )
    outbox.deliver_due(at=AT)


def test_a_supervisor_suspends_and_resumes(stage: Licensed) -> None:
    suspend(stage)
    assert stage.license("D01").suspension == {"source": "measure", "reason": "异常调用"}
    actions.resume_license(
        license_id=stage.licenses["D01"].pk, reason="已核实", actor=stage.city.supervisor, at=AT
    )
    assert state_of(stage) == S.ACTIVE
    assert stage.license("D01").suspension is None


@pytest.mark.parametrize(
    ("who", "error"),
    [("agent", Forbidden), ("ops", Forbidden), ("leader", Forbidden), ("stranger", NotFound)],
)
def test_nobody_else_may_suspend_and_nothing_is_written(
    stage: Licensed, who: str, error: type[Exception]
) -> None:
    with pytest.raises(error):
        suspend(stage, actor=getattr(stage.city, who))
    assert state_of(stage) == S.ACTIVE
    assert not AuditEntry.objects.filter(
        subject_id=str(stage.licenses["D01"].pk), action="suspend", outcome="DONE"
    ).exists()


def test_a_suspension_needs_a_reason(stage: Licensed) -> None:
    with pytest.raises(ReasonMissing):
        suspend(stage, reason="  ")
    assert state_of(stage) == S.ACTIVE


def test_a_second_measure_on_the_same_license_is_refused(stage: Licensed) -> None:
    suspend(stage)
    with pytest.raises(SuspendedByMeasure):
        suspend(stage)


def test_a_dataset_takes_its_licenses_along_in_the_same_commit(stage: Licensed) -> None:
    stop_dataset(stage)
    assert state_of(stage, "D01") == S.SUSPENDED
    assert state_of(stage, "D07") == S.ACTIVE
    assert stage.license("D01").suspension["reason"] == "发现敏感字段"  # type: ignore[index]


def test_a_dataset_closed_as_not_open_stops_its_licenses_in_the_same_commit(
    stage: Licensed,
) -> None:
    catalog.tighten_dataset(
        dataset_id=stage.license("D01").dataset_id,
        reason_code="PRIVACY",
        reason="含可识别自然人的信息",
        actor=stage.city.supervisor,
        at=AT,
    )

    # No delivery has run: the license stopped with the dataset, the other one goes on.
    stopped = stage.license("D01")
    assert (stopped.dataset.state, stopped.state) == ("HELD_NON_OPEN", S.SUSPENDED)
    assert stopped.suspension == {"source": "dataset", "reason": "含可识别自然人的信息"}
    assert state_of(stage, "D07") == S.ACTIVE
    answer = queries.verification(stopped.number, at=AT)
    assert answer is not None
    assert answer.standing == "STOPPED"


def test_a_resumed_dataset_brings_its_licenses_back(stage: Licensed) -> None:
    stop_dataset(stage)
    resume_dataset(stage)
    assert state_of(stage) == S.ACTIVE


def test_a_measure_outlives_the_return_of_the_dataset(stage: Licensed) -> None:
    stop_dataset(stage)
    suspend(stage)
    resume_dataset(stage)
    assert state_of(stage) == S.SUSPENDED


def test_a_license_cannot_be_resumed_while_its_dataset_stands_still(stage: Licensed) -> None:
    suspend(stage)
    stop_dataset(stage)
    with pytest.raises(DatasetNotPublished):
        actions.resume_license(
            license_id=stage.licenses["D01"].pk, reason="x", actor=stage.city.supervisor, at=AT
        )
    assert state_of(stage) == S.SUSPENDED


def test_a_license_cannot_be_resumed_after_its_term(stage: Licensed) -> None:
    suspend(stage)
    with pytest.raises(LicenseTermOver):
        actions.resume_license(
            license_id=stage.licenses["D01"].pk,
            reason="x",
            actor=stage.city.supervisor,
            at=AT + timedelta(days=400),
        )


def test_a_withdrawn_dataset_ends_its_licenses(stage: Licensed) -> None:
    catalog.withdraw_dataset(
        dataset_id=stage.license("D01").dataset_id,
        reason="停止开放",
        actor=stage.city.supervisor,
        at=AT,
    )
    row = stage.license("D01")
    assert (row.state, row.end_reason) == (S.REVOKED, "停止开放")


def test_an_agreement_takes_all_its_licenses_along_and_brings_them_back(stage: Licensed) -> None:
    facts = {"agreement_id": stage.agreement.pk, "actor": stage.city.supervisor, "at": AT}
    contracts.suspend_agreement(reason="核查", **facts)
    assert {state_of(stage, code) for code in ("D01", "D07")} == {S.SUSPENDED}
    contracts.resume_agreement(reason="核查结束", **facts)
    outbox.deliver_due(at=AT)
    assert {state_of(stage, code) for code in ("D01", "D07")} == {S.ACTIVE}


def test_a_terminated_agreement_ends_licenses_and_keys_in_the_same_commit(
    stage: Licensed,
) -> None:
    key = key_of(stage)
    contracts.begin_termination(
        agreement_id=stage.agreement.pk,
        cause="REGULATORY",
        reason="法规调整",
        legal_basis="协议第21条",
        actor=stage.city.decider,
        at=AT,
    )
    assert {state_of(stage, code) for code in ("D01", "D07")} == {S.REVOKED}
    assert Credential.objects.get(pk=key.credential_id).state == Credential.State.REVOKED
    acts = AuditEntry.objects.filter(action__in=["revoke", "terminate"], at=AT).order_by("id")
    assert list(acts.values_list("subject_type", flat=True)) == [
        "contracts.agreement",
        "licensing.credential",
        "licensing.license",
        "licensing.license",
    ], "the keys go first"


def test_a_key_lives_until_the_last_license_it_opens_is_revoked(stage: Licensed) -> None:
    key = key_of(stage)
    for code, state in (("D01", Credential.State.ACTIVE), ("D07", Credential.State.REVOKED)):
        actions.revoke_license(
            license_id=stage.licenses[code].pk, reason="决定", actor=stage.city.decider, at=AT
        )
        assert Credential.objects.get(pk=key.credential_id).state == state


def test_what_has_ended_stays_ended(stage: Licensed) -> None:
    revoke = {"license_id": stage.licenses["D01"].pk, "reason": "x", "at": AT}
    actions.revoke_license(actor=stage.city.decider, **revoke)
    with pytest.raises(NotAllowedNow):
        actions.revoke_license(actor=stage.city.decider, **revoke)
    with pytest.raises(NotAllowedNow):
        suspend(stage)


def test_only_the_legal_representative_surrenders(stage: Licensed) -> None:
    facts = {"license_id": stage.licenses["D01"].pk, "reason": "业务调整", "at": AT}
    with pytest.raises(Forbidden):
        actions.surrender_license(actor=stage.city.agent, **facts)
    assert actions.surrender_license(actor=stage.city.legal_rep, **facts).state == S.SURRENDERED


def restrict(stage: Licensed, **changes: Any) -> License:
    facts = {
        "quota_factor": "0.5",
        "until": AT + timedelta(days=30),
        "blocked_fields": ["capital"],
        "reason": "限制使用",
        "actor": stage.city.supervisor,
        "at": AT,
        **changes,
    }
    return actions.restrict_license(license_id=stage.licenses["D01"].pk, **facts)


def test_a_restriction_is_stored_and_lifted_when_its_time_is_over(stage: Licensed) -> None:
    restrict(stage, quota_factor=Decimal("0.50"))
    assert stage.license("D01").restriction == {
        "quota_factor": "0.50",
        "until": "2026-12-03T02:00:00+00:00",
        "blocked_fields": ["capital"],
    }
    actions.lapse_expired(at=AT + timedelta(days=29))
    assert stage.license("D01").restriction is not None
    actions.lapse_expired(at=AT + timedelta(days=30))
    assert stage.license("D01").restriction is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"quota_factor": "1.5"},
        {"quota_factor": "NaN"},
        {"quota_factor": "half"},
        {"quota_factor": None, "blocked_fields": []},
        {"blocked_fields": ["salary"]},
        {"until": AT},
    ],
)
def test_a_restriction_that_cannot_be_is_refused(stage: Licensed, wrong: dict[str, Any]) -> None:
    with pytest.raises(InvalidRestriction):
        restrict(stage, **wrong)
    assert stage.license("D01").restriction is None


def test_the_term_ends_licenses_and_keys(stage: Licensed) -> None:
    key = key_of(stage)
    last = stage.license("D01").valid_to
    actions.lapse_expired(at=day(last.isoformat()))
    assert state_of(stage) == S.ACTIVE
    actions.lapse_expired(at=day(last.isoformat()) + timedelta(days=1))
    assert {state_of(stage, code) for code in ("D01", "D07")} == {S.EXPIRED}
    assert Credential.objects.get(pk=key.credential_id).state == Credential.State.EXPIRED


def test_the_public_answer_says_what_holds_now(stage: Licensed) -> None:
    row = stage.license("D01")
    found = queries.verification(row.number, at=AT)
    assert found is not None
    assert (found.standing, found.licensee) == ("VALID", stage.city.applicant.name)
    assert queries.verification(row.machine_number.lower(), at=AT) == found
    stop_dataset(stage)
    stopped = queries.verification(row.number, at=AT)
    assert stopped is not None
    assert (stopped.standing, stopped.state) == ("STOPPED", S.SUSPENDED)
    over = queries.verification(row.number, at=AT + timedelta(days=400))
    assert over is not None
    assert (over.standing, over.state) == ("ENDED", S.EXPIRED)


def test_the_public_answer_knows_only_real_numbers_and_no_secrets(stage: Licensed) -> None:
    number = stage.license("D01").machine_number
    assert queries.verification("锡数许〔2026〕99999号", at=AT) is None
    assert queries.verification(number[:-1] + "?", at=AT) is None
    told = str(queries.verification(number, at=AT))
    key = key_of(stage)
    assert key.prefix not in told
    assert stage.agreement.number not in told
