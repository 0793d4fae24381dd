"""A submission is signed by a person for what is handed in, and happens once."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from applications import actions, form
from applications.errors import FormIncomplete
from core.errors import NotAllowedNow
from tests.applications.support import refuses
from tests.builders import applications as build
from tests.builders.applications import City

pytestmark = pytest.mark.django_db


@pytest.mark.scenario(7)
def test_every_commitment_is_signed_before_a_submission_and_a_second_one_is_refused(
    city: City,
) -> None:
    draft = build.drafted(city)

    def submit() -> object:
        return actions.submit_application(
            application_id=draft.pk, actor=city.agent, at=build.SUBMITTED
        )

    def sign(codes: list[str]) -> None:
        actions.sign_commitments(
            application_id=draft.pk, codes=codes, actor=city.agent, at=build.SUBMITTED
        )

    every = list(form.COMMITMENTS)
    sign(every[:-1])
    error = refuses(draft, FormIncomplete, submit)
    assert f"commitments.{every[-1]}" in error.fields

    sign(every)
    submit()
    draft.refresh_from_db()
    assert (draft.state, draft.number is not None) == ("SUBMITTED", True)
    refuses(draft, NotAllowedNow, submit)


def test_choosing_the_same_datasets_again_keeps_the_signature_and_other_ones_void_it(
    city: City,
) -> None:
    draft = build.drafted(city)
    items = [
        {
            "code": item.dataset.code,
            "fields": item.fields,
            "filters": item.filters,
            "justification": item.justification,
        }
        for item in draft.items.select_related("dataset")
    ]

    def choose(rows: list[dict[str, object]]) -> None:
        actions.set_items(
            application_id=draft.pk, items=rows, actor=city.agent, at=build.SUBMITTED
        )
        draft.refresh_from_db()

    before = draft.revision
    choose(list(reversed(items)))
    assert (draft.revision, draft.commitments["signer"]) == (before, city.agent.full_name)

    choose(items[:1])
    assert (draft.revision, draft.commitments) == (before + 1, {})


def test_choosing_two_new_datasets_asks_for_their_forms_as_often_as_choosing_one(
    city: City, queries_of: Callable[[Callable[[], object]], int]
) -> None:
    def choosing(codes: list[str]) -> Callable[[], object]:
        draft = actions.start_application(actor=city.agent, at=build.SUBMITTED)
        rows = [{"code": c, "fields": [], "filters": {}, "justification": ""} for c in codes]
        return lambda: actions.set_items(
            application_id=draft.pk, items=rows, actor=city.agent, at=build.SUBMITTED
        )

    codes = [dataset.code for dataset in city.datasets]
    assert queries_of(choosing(codes)) == queries_of(choosing(codes[:1]))
