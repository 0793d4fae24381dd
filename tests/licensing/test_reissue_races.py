"""Two officials who issue a certificate anew at the same moment make two versions, one present."""

from __future__ import annotations

import pytest

from core.models import SigningKey
from core.signatures.keys import Holder, identity_of
from licensing import actions
from licensing.models import License, LicenseDocument
from tests.builders.applications import day
from tests.builders.licensing import issued

AT = day("2026-11-03")


@pytest.mark.django_db(transaction=True)
def test_two_at_once_leave_one_present_version(together) -> None:
    city, _agreement, licenses = issued()

    def again() -> License:
        return actions.reissue_certificate(
            license_id=licenses["D01"].pk, cause="LOST", reason="遗失。",
            actor=city.case, at=AT,
        )  # fmt: skip

    results = together(again, again)

    assert all(isinstance(one, License) for one in results)
    rows = LicenseDocument.objects.filter(license=licenses["D01"], kind="ORIGINAL")
    assert sorted(rows.values_list("version", flat=True)) == [1, 2, 3]
    present = rows.get(retired_at=None)
    assert present.version == 3
    licenses["D01"].refresh_from_db()
    assert licenses["D01"].certificate_hash == present.content_hash


@pytest.mark.django_db(transaction=True)
def test_processes_that_need_a_first_key_at_once_get_the_same(together) -> None:
    holder = Holder(id="91320200MA1234567X", name="锡城示例征信科技有限公司")

    results = together(*[lambda: identity_of(holder=holder, at=AT).fingerprint] * 4)

    assert len(set(results)) == 1
    assert SigningKey.objects.count() == 2
