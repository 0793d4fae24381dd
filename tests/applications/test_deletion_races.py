"""A draft is deleted while somebody hands it in or writes on it: one of them happens, whole."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from applications import actions
from applications.models import AnswerFile, Application, ApplicationItem
from core.errors import NotAllowedNow, NotFound
from tests.applications.file_support import attach, drafted
from tests.applications.form_support import sign
from tests.builders import applications as build
from workflow import audit

pytestmark = pytest.mark.django_db(transaction=True)

Together = Callable[..., list[Any]]
ROUNDS = 12


def test_a_deletion_and_a_submission_leave_exactly_one_of_them(together: Together) -> None:
    city = build.build_city()
    drafts = [sign(city, build.drafted(city)) for _n in range(ROUNDS)]

    for draft in drafts:
        key = draft.pk
        results = together(
            lambda key=key: actions.delete_draft(
                application_id=key, actor=city.agent, at=build.SUBMITTED
            ),
            lambda key=key: actions.submit_application(
                application_id=key, actor=city.agent, at=build.SUBMITTED
            ),
        )
        left = Application.objects.filter(pk=key).first()
        if left is None:
            assert any(isinstance(r, NotFound) for r in results)
            assert not ApplicationItem.objects.filter(application_id=key).exists()
        else:
            assert left.state == "SUBMITTED"
            assert left.items.count() == 2
            assert any(isinstance(r, NotAllowedNow) for r in results)
    assert audit.verify().ok


def test_a_deletion_and_an_upload_leave_no_file_without_its_draft(together: Together) -> None:
    city = build.build_city()
    draft = drafted(city)
    key = draft.pk

    results = together(
        lambda: actions.delete_draft(application_id=key, actor=city.agent, at=build.SUBMITTED),
        lambda: attach(city, draft),
    )

    assert not Application.objects.filter(pk=key).exists()
    assert not AnswerFile.objects.exists()
    assert all(r is None or isinstance(r, AnswerFile | NotFound) for r in results)


def test_two_uploads_at_once_do_not_fill_a_field_beyond_its_limit(together: Together) -> None:
    city = build.build_city()
    draft = drafted(city)
    attach(city, draft)

    results = together(
        *(
            lambda n=n: attach(city, draft, content=b"%PDF-1.7\n% " + str(n).encode())
            for n in range(4)
        )
    )

    assert draft.files.count() == 2
    assert sum(isinstance(r, AnswerFile) for r in results) == 1
