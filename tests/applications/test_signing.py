"""A submission is signed by a person for what is handed in, and happens once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from applications import actions, form, queries
from applications.errors import DraftChanged, FormIncomplete, SectionLocked
from applications.models import Application
from core import clock
from core.errors import InvalidInput, NotAllowedNow
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


def returned(city: City, *sections: str) -> Application:
    """Return a case of which these sections were sent back."""
    case = build.submitted(city)
    return actions.request_correction(
        application_id=case.pk,
        defects=[
            {"section": s, "item": "x", "problem": "y", "required": "z"} for s in sections
        ],
        actor=city.case,
        at=build.SUBMITTED,
    )


def resubmit(city: City, case: Application, **more: Any) -> Application:
    """Hand a case in again, its one defect answered."""
    return actions.resubmit_application(
        application_id=case.pk, answers={"1": "已办"}, actor=city.agent, at=build.ACCEPTED, **more
    )


@pytest.mark.scenario(47)
class TestReturn:
    def test_voids_the_signature_and_keeps_what_was_signed_in_the_submission(
        self, city: City
    ) -> None:
        case = returned(city, "usage")
        assert case.commitments == {}
        assert case.snapshots.get().content["commitments"]["signer"] == city.agent.full_name
        # Nothing was changed, and yet it is not handed in without a new signature.
        error = refuses(case, FormIncomplete, lambda: resubmit(city, case))
        assert all(name.startswith("commitments.") for name in error.fields)
        assert resubmit(city, case, codes=form.COMMITMENTS).state == "SUBMITTED"

    def test_of_the_signature_alone_is_signed_and_submitted_at_once(self, city: City) -> None:
        case = returned(city, "commitments")
        page = {s.key: s.status for s in _draft(city, case).sections}
        assert {key for key, status in page.items() if status != "locked"} == {"commitments"}
        refuses(
            case,
            SectionLocked,
            lambda: actions.edit_application(
                application_id=case.pk,
                changes={"region": "江苏省苏州市"},
                actor=city.agent,
                at=build.ACCEPTED,
            ),
        )
        again = resubmit(city, case, codes=form.COMMITMENTS)
        assert (again.state, again.commitments["signed_at"]) == (
            "SUBMITTED",
            build.ACCEPTED.isoformat(),
        )

    def test_is_signed_and_submitted_on_one_page(self, city: City) -> None:
        case = returned(city, "commitments")
        client = Client()
        client.force_login(city.agent)
        address = reverse("portal:application_correct", args=[case.pk])
        with clock.fixed(build.ACCEPTED):
            shown = client.get(address).content.decode()
            assert 'name="codes"' in shown
            data = {"answer_1": "已重新签署", "revision": str(case.revision)}
            assert client.post(address, {**data, "codes": ["LAWFUL_USE"]}).status_code == 422
            case.refresh_from_db()
            assert (case.state, case.commitments) == ("CORRECTION_REQUESTED", {})
            answer = client.post(address, {**data, "codes": list(form.COMMITMENTS)})
        assert answer.status_code == 302
        case.refresh_from_db()
        assert (case.state, case.commitments["signer"]) == ("SUBMITTED", city.agent.full_name)

    def test_a_signature_that_comes_to_nothing_is_not_kept(self, city: City) -> None:
        case = returned(city, "usage")
        for error, given in (
            (FormIncomplete, {"codes": list(form.COMMITMENTS)[:1]}),
            (InvalidInput, {"codes": ["NONSENSE"]}),
            (DraftChanged, {"codes": form.COMMITMENTS, "revision": case.revision - 1}),
        ):
            refuses(case, error, lambda given=given: resubmit(city, case, **given))
            case.refresh_from_db()
            assert case.commitments == {}


def _draft(city: City, case: Application) -> queries.DraftPage:
    return queries.draft_page(application_id=case.pk, actor=city.agent, at=build.ACCEPTED)
