"""The gates before opening: every one has its guard, and a refusal writes nothing."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from catalog import actions, errors, storage
from catalog.fields import FieldSpec
from catalog.models import Dataset, DatasetVersion, RiskAssessment, SecrecyReview, SensitiveScan
from core.errors import Forbidden, InvalidInput, NotAllowedNow
from parties import actions as parties
from parties import queries
from tests.catalog.conftest import ASSESSMENT, describe, parquet_file, walk
from tests.conftest import NOON
from workflow.models import AuditEntry, Event

pytestmark = pytest.mark.django_db


def facts_of(dataset):
    """Return what a refused act could have changed."""
    return (
        Dataset.objects.filter(id=dataset.id).values().get(),
        DatasetVersion.objects.count(),
        SensitiveScan.objects.count() + RiskAssessment.objects.count(),
        SecrecyReview.objects.count(),
        Event.objects.count(),
        AuditEntry.objects.filter(outcome="DONE").count(),
    )


def refused(error, dataset, call):
    before = facts_of(dataset)
    with pytest.raises(error):
        call()
    assert facts_of(dataset) == before


class TestTheWholeWay:
    def test_a_clean_dataset_is_published_with_all_its_evidence(self, published):
        assert published.level == "L2"
        assert (published.scan.hits, published.scan.rows_scanned) == (0, 3)
        assert published.risk_assessment.valid_until == ASSESSMENT["valid_until"]
        assert published.published_at == NOON
        entries = AuditEntry.objects.filter(subject_id=str(published.id), outcome="DONE")
        assert [e.action for e in entries] == [
            "create",
            "add_version",
            "classify",
            "pass_scan",
            "assess_risk",
            "pass_secrecy_review",
            "open_preview",
            "publish",
        ]

    def test_no_gate_can_be_left_out(self, draft, city, clean_file):
        walk(draft, city, until="CLASSIFIED", file=clean_file)
        key = {"dataset_id": draft.id, "at": NOON}
        for call in (
            lambda: actions.assess_risk(**ASSESSMENT, actor=city.officer, **key),
            lambda: actions.review_secrecy(passes=True, opinion="x", actor=city.reviewer, **key),
            lambda: actions.open_preview(actor=city.officer, **key),
            lambda: actions.publish_dataset(actor=city.leader, **key),
        ):
            refused(NotAllowedNow, draft, call)

    def test_every_step_is_refused_to_a_stranger(self, draft, city, clean_file):
        key = {"dataset_id": draft.id, "actor": city.stranger, "at": NOON}
        for call in (
            lambda: actions.add_version(source_path=clean_file, **key),
            lambda: actions.classify_dataset(
                openness="CONDITIONAL", reason_code="HIGH_SECURITY", **key
            ),
            lambda: actions.scan_dataset(**key),
            lambda: actions.assess_risk(**ASSESSMENT, **key),
            lambda: actions.review_secrecy(passes=True, opinion="x", **key),
            lambda: actions.open_preview(**key),
            lambda: actions.publish_dataset(**key),
            lambda: actions.suspend_dataset(reason="x", **key),
            lambda: actions.withdraw_dataset(reason="x", **key),
        ):
            refused(Forbidden, draft, call)


class TestClassify:
    def test_the_level_is_the_highest_of_the_fields(self, city, draft):
        walk(draft, city, until="CLASSIFIED")
        assert draft.level == "L2"

    @pytest.mark.parametrize("level", ["L4", "IMPORTANT", "CORE"])
    def test_a_level_that_is_never_open_is_refused_an_open_class(self, city, level):
        fields = (FieldSpec("station", "站点", "STRING", level),)
        dataset = describe(city, fields=fields)
        refused(
            errors.OpennessTooWide,
            dataset,
            lambda: walk(dataset, city, until="CLASSIFIED"),
        )

    def test_level_two_is_not_unconditional(self, draft, city):
        refused(
            errors.OpennessTooWide,
            draft,
            lambda: actions.classify_dataset(
                dataset_id=draft.id,
                openness="UNCONDITIONAL",
                reason_code="OTHER",
                actor=city.officer,
                at=NOON,
            ),
        )

    def test_a_reason_of_another_class_is_refused(self, draft, city):
        refused(
            errors.ReasonDoesNotFit,
            draft,
            lambda: actions.classify_dataset(
                dataset_id=draft.id,
                openness="CONDITIONAL",
                reason_code="PRIVACY",
                actor=city.officer,
                at=NOON,
            ),
        )

    def test_not_open_is_held_at_once(self, draft, city):
        actions.classify_dataset(
            dataset_id=draft.id,
            openness="NON_OPEN",
            reason_code="TRADE_SECRET",
            actor=city.officer,
            at=NOON,
        )
        draft.refresh_from_db()
        assert (draft.state, draft.openness) == ("HELD_NON_OPEN", "NON_OPEN")

    def test_the_database_refuses_an_open_high_level(self, published):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "UPDATE catalog_dataset SET level = 'CORE' WHERE id = %s", [published.id]
            )


class TestScan:
    @pytest.mark.parametrize(
        ("value", "rule"),
        [
            ("11010519491231002X", "ID_CARD"),
            ("联系13812345678", "MOBILE"),
            ("6222021234567890128", "BANK_CARD"),
            ("a.b@example.com", "EMAIL"),
            ("苏B·12345", "PLATE"),
            ("河埒街道某路12幢301室", "ADDRESS"),
        ],
    )
    def test_a_hit_holds_the_dataset_and_keeps_the_finding(
        self, draft, city, tmp_path, value, rule
    ):
        file = parquet_file(tmp_path / "x.parquet", stations=["DT1-01", value])
        walk(draft, city, until="CLASSIFIED", file=file)
        scan = actions.scan_dataset(dataset_id=draft.id, actor=city.officer, at=NOON)
        draft.refresh_from_db()
        assert scan.findings == [{"field": "station", "rule": rule, "hits": 1}]
        assert (draft.state, draft.openness_reason) == ("HELD_NON_OPEN", "PRIVACY")

    def test_needs_rows(self, draft, city):
        walk(draft, city, until="CLASSIFIED")
        refused(
            errors.NoRows,
            draft,
            lambda: actions.scan_dataset(dataset_id=draft.id, actor=city.officer, at=NOON),
        )


class TestAssessRisk:
    def assess(self, draft, city, **changes):
        return lambda: actions.assess_risk(
            dataset_id=draft.id, actor=city.officer, at=NOON, **{**ASSESSMENT, **changes}
        )

    @pytest.mark.parametrize(
        "changes",
        [
            {"threats": " "},
            {"likelihood": 6},
            {"impact": 0},
            {"residual_level": "L9"},
            {"valid_until": date(2026, 9, 14)},
        ],
    )
    def test_refuses_what_does_not_fit(self, draft, city, clean_file, changes):
        walk(draft, city, until="SENSITIVE_CHECKED", file=clean_file)
        refused(InvalidInput, draft, self.assess(draft, city, **changes))

    def test_aggregation_raises_the_level(self, draft, city, clean_file):
        walk(draft, city, until="SENSITIVE_CHECKED", file=clean_file)
        self.assess(draft, city, residual_level="L3")()
        draft.refresh_from_db()
        assert draft.level == "L3"

    def test_refuses_a_residual_risk_the_class_does_not_bear(self, draft, city, clean_file):
        walk(draft, city, until="SENSITIVE_CHECKED", file=clean_file)
        refused(errors.ResidualRiskTooHigh, draft, self.assess(draft, city, residual_level="L4"))


class TestSecrecyReview:
    def review(self, draft, actor, *, passes=True, opinion="不涉密"):
        return lambda: actions.review_secrecy(
            dataset_id=draft.id, passes=passes, opinion=opinion, actor=actor, at=NOON
        )

    def test_refuses_the_officer_who_classified_even_with_a_reviewer_desk(
        self, draft, city, clean_file
    ):
        walk(draft, city, until="RISK_ASSESSED", file=clean_file)
        system = queries.system_actor()
        [desk] = queries.desks_of(city.officer)
        parties.close_desk(desk_id=desk.desk_id, actor=system, at=NOON)
        parties.open_desk(
            user_id=city.officer.id,
            organization_id=city.provider.id,
            role="SECRECY_REVIEWER",
            actor=system,
            at=NOON,
        )
        before = facts_of(draft)
        with pytest.raises(Forbidden, match=r"somebody else|他人"):
            self.review(draft, city.officer)()
        assert facts_of(draft) == before

    def test_needs_a_written_opinion(self, draft, city, clean_file):
        walk(draft, city, until="RISK_ASSESSED", file=clean_file)
        refused(InvalidInput, draft, self.review(draft, city.reviewer, opinion=" "))

    def test_a_no_holds_the_dataset(self, draft, city, clean_file):
        walk(draft, city, until="RISK_ASSESSED", file=clean_file)
        self.review(draft, city.reviewer, passes=False, opinion="涉及工作秘密")()
        draft.refresh_from_db()
        assert (draft.state, draft.state_reason) == ("HELD_NON_OPEN", "涉及工作秘密")


class TestPublish:
    def publish(self, draft, city, at=NOON):
        return lambda: actions.publish_dataset(dataset_id=draft.id, actor=city.leader, at=at)

    def test_refuses_an_expired_assessment(self, draft, city, clean_file):
        walk(draft, city, until="PREVIEW", file=clean_file)
        late = NOON + timedelta(days=400)
        refused(errors.AssessmentExpired, draft, self.publish(draft, city, at=late))

    def test_refuses_a_provider_without_a_data_officer(self, draft, city, clean_file):
        walk(draft, city, until="PREVIEW", file=clean_file)
        [desk] = queries.desks_of(city.officer)
        parties.close_desk(desk_id=desk.desk_id, actor=queries.system_actor(), at=NOON)
        refused(errors.NoDataOfficer, draft, self.publish(draft, city))

    def test_refuses_a_barred_provider(self, draft, city, clean_file):
        walk(draft, city, until="PREVIEW", file=clean_file)
        parties.bar_organization(
            organization_id=city.provider.id,
            reason="整改",
            until=None,
            actor=city.supervisor,
            at=NOON,
        )
        refused(errors.ProviderNotVerified, draft, self.publish(draft, city))

    def test_rows_cannot_be_swapped_between_the_gates(self, draft, city, clean_file):
        walk(draft, city, until="PREVIEW", file=clean_file)
        refused(
            NotAllowedNow,
            draft,
            lambda: actions.add_version(
                dataset_id=draft.id, source_path=clean_file, actor=city.officer, at=NOON
            ),
        )


class TestAddVersion:
    def test_copies_counts_and_hashes(self, draft, city, clean_file, data_dir):
        version = actions.add_version(
            dataset_id=draft.id, source_path=clean_file, actor=city.officer, at=NOON
        )
        assert (version.number, version.row_count) == (1, 3)
        stored = data_dir / version.storage_path
        assert stored.read_bytes() == clean_file.read_bytes()
        assert len(version.sha256) == 64
        assert version.bytes == stored.stat().st_size

    def test_refuses_columns_that_are_not_the_fields(self, draft, city, tmp_path, data_dir):
        from tests.catalog.conftest import FIELDS

        wrong = [
            parquet_file(tmp_path / "order.parquet", stations=["A"], fields=FIELDS[::-1]),
            parquet_file(tmp_path / "few.parquet", stations=["A"], fields=FIELDS[:1]),
            tmp_path / "absent.parquet",
        ]
        (tmp_path / "text.parquet").write_text("not parquet", encoding="utf-8")
        for source in [*wrong, tmp_path / "text.parquet"]:
            refused(
                storage.FileDoesNotFit,
                draft,
                lambda source=source: actions.add_version(
                    dataset_id=draft.id, source_path=source, actor=city.officer, at=NOON
                ),
            )
        assert not list(data_dir.rglob("*.parquet"))

    def test_an_open_dataset_takes_a_clean_batch_and_refuses_a_dirty_one(
        self, published, city, tmp_path
    ):
        batch = parquet_file(tmp_path / "b.parquet", stations=["DT3-01"])
        second = actions.add_version(
            dataset_id=published.id, source_path=batch, actor=city.officer, at=NOON
        )
        published.refresh_from_db()
        assert (second.number, published.current_version) == (2, second)
        assert published.scan.version == second
        dirty = parquet_file(tmp_path / "d.parquet", stations=["11010519491231002X"])
        refused(
            errors.SensitiveFieldsFound,
            published,
            lambda: actions.add_version(
                dataset_id=published.id, source_path=dirty, actor=city.officer, at=NOON
            ),
        )


@pytest.mark.django_db(transaction=True)
def test_publishing_and_holding_at_once_do_one(together, city, draft, clean_file):
    walk(draft, city, until="PREVIEW", file=clean_file)
    results = together(
        lambda: actions.publish_dataset(dataset_id=draft.id, actor=city.leader, at=NOON).state,
        lambda: (
            actions.hold_dataset(
                dataset_id=draft.id,
                reason_code="LAW",
                reason="暂缓",
                actor=city.reviewer,
                at=NOON,
            ).state
        ),
    )
    assert sum(isinstance(one, NotAllowedNow) for one in results) == 1
    draft.refresh_from_db()
    assert draft.state in results
