"""A harbor master, a captain, a stranger, and requests for a berth."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.contrib.auth import get_user_model
from django.db import transaction

from tests.conftest import NOON
from tests.harbor.models import BerthRequest
from workflow import policy, transitions

PORT, OWNER = SimpleNamespace(pk="port-1"), SimpleNamespace(pk="owner-1")


def _person(username: str, organization=None, role: str = ""):
    user = get_user_model().objects.create(username=username, full_name=username, created_at=NOON)
    if organization is not None:
        user.groups.add(policy.desk_group(organization_id=organization.pk, role=role))
    return user


@pytest.fixture
def master(db):
    return _person("master", PORT, "HARBOR_MASTER")


@pytest.fixture
def second_master(db):
    return _person("second", PORT, "HARBOR_MASTER")


@pytest.fixture
def captain(db):
    return _person("captain", OWNER, "CAPTAIN")


@pytest.fixture
def stranger(db):
    return _person("stranger", SimpleNamespace(pk="port-2"), "HARBOR_MASTER")


@pytest.fixture
def file_request(captain):
    def file(vessel: str = "Dove", by=None) -> BerthRequest:
        with transaction.atomic():
            return transitions.create(
                BerthRequest(vessel=vessel, filed_by=by or captain),
                actor=by or captain,
                at=NOON,
                port=PORT,
                owner=OWNER,
            )

    return file


@pytest.fixture
def filed(file_request):
    return file_request()
