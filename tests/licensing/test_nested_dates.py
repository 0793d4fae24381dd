"""License within agreement within dataset and operation: kept by the database, said by actions."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from catalog import actions as catalog
from catalog.errors import TermInUse
from catalog.models import Dataset
from core.errors import Forbidden, InvalidInput
from licensing.models import License
from tests.builders.contracts import SIGNED
from tests.builders.licensing import Licensed
from workflow.models import AuditEntry

LAST = date(2027, 10, 19)
DAY = timedelta(days=1)


def change(table: str, pk: Any, **values: Any) -> None:
    """Change a row past every action, and let every constraint answer at once."""
    columns = ", ".join(f"{name} = %s" for name in values)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET {columns} WHERE id = %s", [*values.values(), pk])
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def refused(constraint: str, table: str, pk: Any, **values: Any) -> None:
    """Ask that the database refuses a change by the name of its constraint."""
    with pytest.raises(IntegrityError) as caught:
        change(table, pk, **values)
    assert caught.value.__cause__.diag.constraint_name == constraint  # type: ignore[union-attr]


class TestTheDatabase:
    @pytest.mark.parametrize(
        "values",
        [
            {"valid_to": LAST + DAY},
            {"valid_from": date(2026, 10, 19)},
        ],
    )
    def test_refuses_a_license_a_day_outside_its_agreement(
        self, stage: Licensed, values: dict[str, date]
    ) -> None:
        row = stage.license("D01")
        refused("nested_license_in_agreement", "licensing_license", row.pk, **values)
        row.refresh_from_db()
        assert (row.valid_from, row.valid_to) == (date(2026, 10, 20), LAST)

    def test_takes_a_license_that_fills_its_agreement_or_less(self, stage: Licensed) -> None:
        row = stage.license("D01")
        change("licensing_license", row.pk, valid_from=date(2026, 10, 21), valid_to=LAST - DAY)
        change("licensing_license", row.pk, valid_from=date(2026, 10, 20), valid_to=LAST)

    @pytest.mark.parametrize("end", ["open_to", "operated_to"])
    def test_refuses_a_license_a_day_beyond_its_dataset_or_the_operation(
        self, stage: Licensed, end: str
    ) -> None:
        row = stage.license("D01")
        change("licensing_license", row.pk, valid_to=LAST - DAY)
        # The other license and the agreement are taken out of the way.
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE catalog_dataset DISABLE TRIGGER nested_dates_around")
        change("catalog_dataset", row.dataset_id, term_basis="x", **{end: LAST - DAY})
        refused("nested_license_in_dataset", "licensing_license", row.pk, valid_to=LAST)

    def test_refuses_a_license_inserted_outside_its_agreement(self, stage: Licensed) -> None:
        row = stage.license("D01")
        with connection.cursor() as cursor:
            cursor.execute("UPDATE licensing_license SET state = 'SUPERSEDED', ended_at = now()"
                           " WHERE id = %s", [row.pk])  # fmt: skip
        copy = License.objects.get(pk=row.pk)
        copy.pk, copy.number, copy.machine_number = None, "x", "y"
        copy.id = License._meta.pk.get_default()
        copy.valid_to = LAST + DAY
        with pytest.raises(IntegrityError, match="outside its agreement"), transaction.atomic():
            copy.save(force_insert=True)

    def test_refuses_an_agreement_made_shorter_than_its_licenses(self, stage: Licensed) -> None:
        refused(
            "nested_license_in_agreement", "contracts_agreement", stage.agreement.pk,
            valid_to=LAST - DAY,
        )  # fmt: skip

    def test_takes_a_shorter_agreement_with_shorter_licenses_in_one_commit(
        self, stage: Licensed
    ) -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
            for table, column in (("contracts_agreement", "id"),
                                  ("licensing_license", "agreement_id")):
                cursor.execute(f"UPDATE {table} SET valid_to = %s WHERE {column} = %s",
                               [LAST - DAY, stage.agreement.pk])  # fmt: skip
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")

    @pytest.mark.parametrize("end", ["open_to", "operated_to"])
    def test_refuses_a_dataset_or_operation_made_shorter_than_an_agreement(
        self, stage: Licensed, end: str
    ) -> None:
        dataset_id = stage.license("D01").dataset_id
        refused(
            "nested_agreement_in_dataset", "catalog_dataset", dataset_id,
            term_basis="文", **{end: LAST - DAY},
        )  # fmt: skip
        change("catalog_dataset", dataset_id, term_basis="文", **{end: LAST})
        refused(
            "nested_agreement_in_dataset", "contracts_agreement", stage.agreement.pk,
            valid_to=LAST + DAY,
        )  # fmt: skip

    def test_refuses_a_dataset_that_opens_after_its_agreement_began(
        self, stage: Licensed
    ) -> None:
        dataset_id = stage.license("D07").dataset_id
        refused(
            "nested_agreement_in_dataset", "catalog_dataset", dataset_id,
            term_basis="文", open_from=date(2026, 10, 21),
        )  # fmt: skip

    def test_lets_go_of_a_dataset_whose_agreement_and_licenses_have_ended(
        self, stage: Licensed
    ) -> None:
        with connection.cursor() as cursor:
            cursor.execute("UPDATE contracts_agreement SET state = 'EXPIRED', ended_at = now()"
                           " WHERE id = %s", [stage.agreement.pk])  # fmt: skip
            cursor.execute("UPDATE licensing_license SET state = 'EXPIRED', ended_at = now()")
        change(
            "catalog_dataset", stage.license("D01").dataset_id, term_basis="文",
            open_to=date(2026, 12, 31),
        )  # fmt: skip


class TestTheTermOfADataset:
    def test_made_shorter_under_an_agreement_is_refused_by_name_and_nothing_is_written(
        self, stage: Licensed
    ) -> None:
        dataset, acts = stage.license("D01").dataset, AuditEntry.objects.count()
        with pytest.raises(TermInUse, match="2027-10-19"):
            self.set(stage, open_to=LAST - DAY)
        dataset.refresh_from_db()
        assert (dataset.open_to, AuditEntry.objects.count()) == (None, acts)

    def test_is_set_changed_and_lifted_by_the_leader_with_its_basis_on_record(
        self, stage: Licensed
    ) -> None:
        self.set(stage, open_to=LAST, operated_to=LAST + DAY)
        self.set(stage, open_to=None)
        entry = AuditEntry.objects.filter(action="set_term").order_by("id").first()
        assert entry is not None
        assert entry.facts["open_to"] == "2027-10-19"
        assert entry.facts["basis"]

    def test_is_not_for_everybody_and_needs_a_basis(self, stage: Licensed) -> None:
        with pytest.raises(Forbidden):
            self.set(stage, open_to=LAST, actor=stage.city.agent)
        with pytest.raises(InvalidInput):
            self.set(stage, open_to=LAST, basis=" ")
        with pytest.raises(InvalidInput):
            self.set(stage, open_from=LAST, open_to=LAST - DAY)
        assert stage.license("D01").dataset.open_to is None

    @staticmethod
    def set(stage: Licensed, **values: Any) -> Dataset:
        said: dict[str, Any] = dict.fromkeys(("open_from", "open_to", "operated_to"))
        said |= {"basis": "开放清单（2026年）", "actor": stage.city.leader, "at": SIGNED}
        return catalog.set_dataset_term(
            dataset_id=stage.licenses["D01"].dataset_id,
            **{**said, **values},
        )
