"""What may happen after the opening, and the way back from "not open"."""

from __future__ import annotations

from datetime import date

import pyarrow as pa
import pyarrow.parquet as parquet
import pytest

from catalog import actions, errors, queries
from catalog.fields import FieldSpec
from catalog.models import Dataset, ReclassificationEvidence
from core.errors import Forbidden, InvalidInput, NotAllowedNow, NotFound
from tests.catalog.conftest import describe, walk
from tests.conftest import NOON

pytestmark = pytest.mark.django_db


def begin(dataset, actor, **changes):
    entries = {
        "kind": "DESENSITIZATION_REPORT",
        "title": "脱敏报告",
        "summary": "k≥10",
        "content": b"report",
        "valid_until": None,
    }
    return actions.begin_reclassification(
        dataset_id=dataset.id, actor=actor, at=NOON, **{**entries, **changes}
    )


class TestSuspend:
    def test_the_supervisor_suspends_and_resumes(self, published, city):
        key = {"dataset_id": published.id, "actor": city.supervisor, "at": NOON}
        assert actions.suspend_dataset(reason="疑似泄漏", **key).state == "SUSPENDED"
        with pytest.raises(NotFound):
            queries.dataset_for_application(published.code)
        assert actions.resume_dataset(reason="已排除", **key).state == "PUBLISHED"

    def test_a_provider_does_not_lift_the_suspension_of_the_authority(self, published, city):
        actions.suspend_dataset(
            dataset_id=published.id, reason="疑似泄漏", actor=city.supervisor, at=NOON
        )
        with pytest.raises(Forbidden):
            actions.resume_dataset(
                dataset_id=published.id, reason="没事", actor=city.leader, at=NOON
            )
        published.refresh_from_db()
        assert published.state == "SUSPENDED"

    def test_a_provider_lifts_its_own(self, published, city):
        key = {"dataset_id": published.id, "actor": city.leader, "at": NOON}
        actions.suspend_dataset(reason="维护", **key)
        assert actions.resume_dataset(reason="完成", **key).state == "PUBLISHED"

    def test_needs_a_reason(self, published, city):
        with pytest.raises(InvalidInput):
            actions.suspend_dataset(
                dataset_id=published.id, reason=" ", actor=city.supervisor, at=NOON
            )
        published.refresh_from_db()
        assert published.state == "PUBLISHED"

    def test_withdrawn_is_the_end(self, published, city):
        key = {"dataset_id": published.id, "actor": city.leader, "at": NOON}
        actions.withdraw_dataset(reason="停止提供", **key)
        with pytest.raises(NotAllowedNow):
            actions.suspend_dataset(reason="x", **key)
        with pytest.raises(NotFound):
            queries.dataset_page(code=published.code, actor=None)


class TestRescan:
    def test_a_hit_in_an_open_dataset_suspends_it(self, published, data_dir):
        path = data_dir / published.current_version.storage_path
        table = pa.table({"station": ["11010519491231002X"], "passengers": [1]})
        parquet.write_table(table, path)
        scan = actions.rescan_published(dataset_id=published.id, at=NOON)
        published.refresh_from_db()
        assert (scan.hits, published.state) == (1, "SUSPENDED")
        assert "station" in published.state_reason
        assert "× 1" in published.state_reason

    def test_a_clean_one_stays_open(self, published):
        assert actions.rescan_published(dataset_id=published.id, at=NOON).hits == 0
        published.refresh_from_db()
        assert published.state == "PUBLISHED"


class TestTighten:
    def tighten(self, published, actor):
        return actions.tighten_dataset(
            dataset_id=published.id,
            reason_code="LAW",
            reason="法律变化",
            actor=actor,
            at=NOON,
        )

    def test_is_for_the_authority_only(self, published, city):
        with pytest.raises(Forbidden):
            self.tighten(published, city.leader)
        published.refresh_from_db()
        assert published.openness == "CONDITIONAL"
        self.tighten(published, city.supervisor)
        published.refresh_from_db()
        assert (published.state, published.openness) == ("HELD_NON_OPEN", "NON_OPEN")


class TestReclassification:
    @pytest.fixture
    def held(self, city):
        fields = (FieldSpec("station", "患者姓名", "STRING", "L3", sensitivity="SENSITIVE_PI"),)
        dataset = describe(
            city, fields=fields, openness="NON_OPEN", openness_reason="PRIVACY", code="D03"
        )
        actions.classify_dataset(
            dataset_id=dataset.id,
            openness="NON_OPEN",
            reason_code="PRIVACY",
            actor=city.officer,
            at=NOON,
        )
        dataset.refresh_from_db()
        return dataset

    def test_there_is_no_way_to_open_without_evidence(self, held, city, clean_file):
        key = {"dataset_id": held.id, "actor": city.officer, "at": NOON}
        for call in (
            lambda: actions.classify_dataset(
                openness="CONDITIONAL", reason_code="HIGH_SECURITY", **key
            ),
            lambda: actions.add_version(source_path=clean_file, **key),
            lambda: actions.redefine_fields(
                fields=[FieldSpec("station", "站点", "STRING", "L2")], **key
            ),
            lambda: begin(held, city.officer, content=b""),
            lambda: begin(held, city.officer, kind="CONSENT"),
            lambda: begin(held, city.officer, kind="CONSENT", valid_until=date(2026, 9, 1)),
            lambda: begin(held, city.leader),
        ):
            with pytest.raises((NotAllowedNow, InvalidInput, Forbidden)):
                call()
        assert Dataset.objects.get(id=held.id).state == "HELD_NON_OPEN"
        assert not ReclassificationEvidence.objects.exists()
        with pytest.raises(NotFound):
            queries.dataset_for_application(held.code)

    def test_personal_fields_open_with_a_report_and_a_new_field_list(self, held, city, clean_file):
        begin(held, city.officer)
        fields = [
            FieldSpec("station", "病组", "STRING", "L2"),
            FieldSpec("passengers", "人次", "INTEGER", "L3"),
        ]
        actions.redefine_fields(dataset_id=held.id, fields=fields, actor=city.officer, at=NOON)
        actions.edit_dataset(
            dataset_id=held.id,
            changes={"openness_reason": "HIGH_SECURITY"},
            actor=city.officer,
            at=NOON,
        )
        held.refresh_from_db()
        held.openness, held.openness_reason = "CONDITIONAL", "HIGH_SECURITY"
        walk(held, city, until="PUBLISHED", file=clean_file)
        assert queries.dataset_for_application("D03").level == "L3"

    def test_an_ended_consent_clears_nothing(self, held, city):
        from datetime import timedelta

        begin(held, city.officer, kind="CONSENT", valid_until=date(2026, 12, 31))
        with pytest.raises(errors.ConsentExpired):
            actions.classify_dataset(
                dataset_id=held.id,
                openness="CONDITIONAL",
                reason_code="HIGH_SECURITY",
                actor=city.officer,
                at=NOON + timedelta(days=200),
            )
        assert Dataset.objects.get(id=held.id).state == "RECLASSIFYING"
