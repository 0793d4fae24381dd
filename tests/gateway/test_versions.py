"""The gate learns of a change by a version that rises once with every commit that concerns it."""

from __future__ import annotations

import pytest
from django.db import transaction

from gateway.models import GateVersion
from licensing.models import License
from tests.builders.licensing import issued

pytestmark = pytest.mark.django_db(transaction=True)


def version() -> int:
    return GateVersion.objects.values_list("version", flat=True).get()


@pytest.fixture
def two_licenses() -> list[License]:
    _city, _agreement, licenses = issued()
    assert len(licenses) == 2
    return list(licenses.values())


def test_many_changed_licenses_raise_the_version_once_in_a_commit(two_licenses):
    before = version()
    with transaction.atomic():
        for one in two_licenses:
            License.objects.filter(pk=one.pk).update(end_reason="一")
            License.objects.filter(pk=one.pk).update(end_reason="二")
    assert version() == before + 1


def test_each_commit_raises_it_anew(two_licenses):
    before = version()
    for one in two_licenses:
        License.objects.filter(pk=one.pk).update(end_reason="一")
    assert version() == before + 2


def test_a_change_that_is_undone_raises_nothing(two_licenses):
    before = version()
    with transaction.atomic():
        License.objects.filter(pk=two_licenses[0].pk).update(end_reason="一")
        transaction.set_rollback(True)
    assert version() == before
