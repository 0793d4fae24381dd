"""The kit: refusals become answers, forms keep what was typed, files keep their names."""

from __future__ import annotations

from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django import forms
from django.contrib.messages import get_messages
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.sessions.backends.signed_cookies import SessionStore
from django.template.loader import render_to_string
from django.test import RequestFactory

from core.errors import Conflict, Forbidden, InvalidInput, NotAllowedNow, NotFound
from parties.models import User
from parties.roles import Kind, Role
from portal import kit
from portal.templatetags import datadeed
from tests.builders.parties import organization, person


class Ask(kit.Form):
    reason = forms.CharField(label="理由")


class Decide(kit.ActionView):
    form_class = Ask
    template_name = "components/form.html"
    refusal: Any = None

    def perform(self, form: Any) -> str:
        if self.refusal is not None:
            raise self.refusal
        return "done"

    def get_success_url(self) -> str:
        return "/there/"


class Press(kit.ActView):
    refusal: Any = None

    def perform(self) -> str:
        if self.refusal is not None:
            raise self.refusal
        return "done"


@pytest.fixture
def user() -> User:
    return person(organization(Kind.PLATFORM, "平台"), Role.AUDITOR)


def send(view: Any, user: User, data: dict[str, str], **headers: str) -> Any:
    request = RequestFactory().post("/here/", data, **headers)
    request.user = user
    request.session = SessionStore()
    request._messages = FallbackStorage(request)  # type: ignore[attr-defined]
    answer = view(request)
    if hasattr(answer, "render"):
        answer.render()
    return answer, [str(m) for m in get_messages(request)]


@pytest.mark.django_db
class TestActionView:
    def test_goes_on_and_says_what_was_done(self, user: User) -> None:
        answer, said = send(Decide.as_view(), user, {"reason": "因为"})

        assert (answer.status_code, answer["Location"], said) == (302, "/there/", ["done"])

    def test_shows_a_refusal_on_the_form_with_every_entry_kept(self, user: User) -> None:
        answer, said = send(Decide.as_view(refusal=NotAllowedNow()), user, {"reason": "因为"})

        assert answer.status_code == 409
        assert "因为" in answer.content.decode()
        assert str(NotAllowedNow()) in answer.content.decode()
        assert said == []

    def test_puts_a_refused_entry_on_its_field(self, user: User) -> None:
        refusal = InvalidInput(fields={"reason": "太短"})

        answer, _ = send(Decide.as_view(refusal=refusal), user, {"reason": "短"})

        assert answer.status_code == 422
        assert 'id="id_reason_problem">太短' in answer.content.decode()

    def test_answers_an_incomplete_form_with_422_and_a_summary(self, user: User) -> None:
        answer, _ = send(Decide.as_view(), user, {})

        assert answer.status_code == 422
        assert 'href="#id_reason"' in answer.content.decode()

    @pytest.mark.parametrize(("refusal", "status"), [(NotFound(), 404), (Forbidden(), 403),
                                                     (Conflict(), 409)])
    def test_a_refusal_before_the_form_becomes_the_page_of_its_status(
        self, user: User, refusal: Exception, status: int
    ) -> None:
        class Closed(Decide):
            def get_form(self, form_class: Any = None) -> Any:
                raise refusal

        answer, _ = send(Closed.as_view(), user, {})

        assert answer.status_code == status


@pytest.mark.django_db
class TestActView:
    def test_tells_a_refusal_where_the_person_came_from(self, user: User) -> None:
        answer, said = send(
            Press.as_view(refusal=NotAllowedNow()),
            user,
            {},
            HTTP_REFERER="http://testserver/case/1/",
        )

        assert answer["Location"] == "http://testserver/case/1/"
        assert said == [str(NotAllowedNow())]

    def test_never_leads_to_another_host(self, user: User) -> None:
        answer, _ = send(Press.as_view(), user, {}, HTTP_REFERER="http://evil.example/")

        assert answer["Location"] == "/home/"


class TestDocumentResponse:
    def test_keeps_a_chinese_name_and_a_plain_one(self) -> None:
        answer = kit.document_response(b"x", "许可证 12.pdf", "application/pdf")

        assert "filename*=UTF-8''%E8%AE%B8%E5%8F%AF%E8%AF%81%2012.pdf" in (
            answer["Content-Disposition"]
        )
        assert answer["Cache-Control"] == "private, no-store"


class TestFilters:
    def test_amounts_are_shown_from_whole_fen(self) -> None:
        assert datadeed.yuan(123456789) == "¥1,234,567.89"
        assert datadeed.yuan(None) == ""
        assert datadeed.capital(123450) == "壹仟贰佰叁拾肆元伍角整"
        with pytest.raises(ValueError, match="fen"):
            datadeed.money.to_fen(Decimal("0.001"))

    def test_a_credit_code_is_grouped(self) -> None:
        assert datadeed.uscc("913202000000DEM185") == "9132 0200 0000 DEM185"

    def test_days_are_days_in_shanghai(self) -> None:
        assert datadeed.cn_datetime("2026-09-30T16:30:00+00:00") == "2026年10月1日 00:30"

    @pytest.mark.parametrize(
        ("status", "remaining", "text"),
        [
            ("normal", 3, "剩余 3 个工作日"),
            ("soon", 0, "今日到期"),
            ("overdue", -2, "超期 2 个工作日"),
            ("stopped", 4, "计时中止"),
            ("closed", 4, "已关闭"),
        ],
    )
    def test_a_clock_is_said_in_words(self, status: str, remaining: int, text: str) -> None:
        assert datadeed.due(SimpleNamespace(status=status, remaining=remaining)) == text

    def test_an_icon_without_a_label_is_hidden_from_screen_readers(self) -> None:
        assert 'aria-hidden="true"' in datadeed.icon("home")
        assert 'aria-label="&lt;x&gt;"' in datadeed.icon("home", "<x>")

    def test_an_unknown_icon_is_a_mistake(self) -> None:
        with pytest.raises(Exception, match="no icon"):
            datadeed.icon("there-is-no-such-icon")

    def test_a_group_sets_every_box_beside_its_words_whatever_form_it_is_from(self) -> None:
        class Plain(forms.Form):
            one = forms.ChoiceField(choices=[("a", "甲"), ("b", "乙")], widget=forms.RadioSelect)
            many = forms.MultipleChoiceField(
                choices=[("a", "甲")],
                widget=forms.CheckboxSelectMultiple(attrs={"class": "form-check-input wide"}),
            )

        html = render_to_string("components/form.html", {"form": Plain()})

        assert html.count('type="radio"') == 2
        assert html.count('class="form-check-input') == 3
        assert html.count("form-check-input wide") == 1
