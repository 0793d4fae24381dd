"""The second factor: enrolled once, a code is good once, wrong tries are counted and paused."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client, override_settings
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from core import clock
from core.errors import Forbidden, InvalidInput
from parties import actions, errors, onetime, queries
from parties.models import RecoveryCode, SecondFactor, User
from parties.roles import Kind, Role
from tests.builders.parties import MORNING, organization, person
from tests.builders.signing import PASSWORD, code_of, equip
from workflow.models import AuditEntry

LATER = MORNING + timedelta(hours=1)
# The vectors of RFC 6238, appendix B, shortened to six digits.
RFC_SECRET = b"12345678901234567890"
RFC_CODES = ((59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (2000000000, "279037"))


@pytest.fixture
def signer(db: None) -> User:
    house = organization(Kind.APPLICANT, "锡城示例征信科技有限公司")
    found = person(house, Role.APPLICANT_LEGAL_REP, full_name="钱示例")
    equip(found)
    return found


def proven(who: User, *, code: str, at: Any = LATER, password: str = PASSWORD) -> Any:
    """Make somebody prove it through the act that asks for nothing else."""
    return actions.renew_recovery_codes(
        proof=actions.Proof(password, code), actor=who, at=at
    )


def state(who: User) -> tuple[Any, ...]:
    """Return what a proof could change."""
    factor = SecondFactor.objects.filter(user=who, removed_at=None).latest("id")
    codes = list(factor.recovery_codes.order_by("pk").values_list("code_hash", "used_at"))
    return factor.pk, factor.used_steps, codes


@pytest.mark.parametrize(("seconds", "code"), RFC_CODES)
def test_codes_are_those_of_the_standard(seconds: int, code: str) -> None:
    at = datetime.fromtimestamp(seconds, tz=UTC)
    assert onetime.code_at(secret=RFC_SECRET, at=at) == code


@given(secret=st.binary(min_size=20, max_size=20), aside=st.integers(-3, 3))
def test_a_code_holds_one_step_before_and_after_and_no_longer(secret: bytes, aside: int) -> None:
    code = onetime.code_at(secret=secret, at=LATER, aside=aside)
    found = onetime.step_of(secret=secret, code=code, at=LATER)
    present = int(LATER.timestamp()) // onetime.STEP_SECONDS
    if abs(aside) <= onetime.STEPS_ASIDE:
        # Two steps may have the same code by chance; one of them is found.
        assert found is not None
        assert onetime.code_at(secret=secret, at=LATER, aside=found - present) == code
    else:
        near = {onetime.code_at(secret=secret, at=LATER, aside=n) for n in (-1, 0, 1)}
        assert (found is not None) == (code in near)


@given(secret=st.binary(min_size=20, max_size=20))
def test_a_stored_secret_cannot_be_read_without_the_key_of_the_site(secret: bytes) -> None:
    sealed = onetime.seal(secret=secret)
    assert secret not in sealed
    assert onetime.unseal(sealed=sealed) == secret
    with override_settings(SECRET_KEY="another key altogether"), pytest.raises(
        onetime.SecretUnreadable
    ):
        onetime.unseal(sealed=sealed)


class TestACode:
    def test_is_taken_once(self, signer: User) -> None:
        code = code_of(signer, at=LATER)
        proven(signer, code=code)
        before = state(signer)

        with pytest.raises(errors.CodeUsed):
            proven(signer, code=code)

        assert state(signer) == before

    def test_of_a_minute_ago_is_refused(self, signer: User) -> None:
        code = code_of(signer, at=LATER)
        before = state(signer)

        with pytest.raises(errors.ProofWrong):
            proven(signer, code=code, at=LATER + timedelta(seconds=90))

        assert state(signer) == before

    @pytest.mark.parametrize(
        "code", ["", "12345", "1234567", "abcdef", "１２３４５６", "000000\x00"]
    )
    def test_that_is_none_is_refused(self, signer: User, code: str) -> None:
        before = state(signer)
        with pytest.raises(errors.ProofWrong):
            proven(signer, code=code)
        assert state(signer) == before

    def test_does_not_help_without_the_password(self, signer: User) -> None:
        before = state(signer)
        with pytest.raises(errors.ProofWrong):
            proven(signer, code=code_of(signer, at=LATER), password="Wrong-password-1")
        assert state(signer) == before

    def test_of_somebody_else_is_refused(self, signer: User) -> None:
        other = person(organization(Kind.APPLICANT, "另一家示例有限公司"), Role.APPLICANT_AGENT)
        equip(other)
        with pytest.raises(errors.ProofWrong):
            proven(signer, code=code_of(other, at=LATER))


class TestWrongTries:
    def test_are_paused_after_five_and_the_right_code_waits_too(self, signer: User) -> None:
        for _try in range(5):
            with pytest.raises(errors.ProofWrong):
                proven(signer, code="000000")

        with pytest.raises(errors.TooManyAttempts):
            proven(signer, code=code_of(signer, at=LATER))

        assert SecondFactor.objects.get(user=signer).failures == 5
        later = LATER + timedelta(minutes=15)
        assert len(proven(signer, code=code_of(signer, at=later), at=later)) == 10
        assert SecondFactor.objects.get(user=signer).failures == 0

    def test_are_on_record_although_nothing_else_came_of_them(self, signer: User) -> None:
        with pytest.raises(errors.ProofWrong):
            proven(signer, code="000000")

        entry = AuditEntry.objects.get(action="proof_fail")
        assert (entry.outcome, entry.facts) == ("REFUSED", {"failures": 1})

    def test_of_the_password_count_as_well(self, signer: User) -> None:
        for _try in range(5):
            with pytest.raises(errors.ProofWrong):
                proven(signer, code=code_of(signer, at=LATER), password="Wrong-password-1")
        with pytest.raises(errors.TooManyAttempts):
            proven(signer, code=code_of(signer, at=LATER))


class TestARecoveryCode:
    def test_stands_in_for_the_telephone_once(self, signer: User) -> None:
        codes = proven(signer, code=code_of(signer, at=LATER))
        kept = set(RecoveryCode.objects.values_list("code_hash", flat=True))
        assert not kept & set(codes)

        again = proven(signer, code=codes[0].upper())
        assert len(again) == 10
        with pytest.raises(errors.ProofWrong):
            proven(signer, code=codes[0])
        # The others were replaced with it.
        with pytest.raises(errors.ProofWrong):
            proven(signer, code=codes[1])


class TestEnrolment:
    def test_asks_for_the_password_first(self, db: None) -> None:
        who = person(organization(Kind.APPLICANT, "一家示例有限公司"), Role.APPLICANT_LEGAL_REP)
        with pytest.raises(errors.ProofWrong):
            actions.begin_enrolment(password="Wrong-password-1", actor=who, at=MORNING)
        assert not SecondFactor.objects.exists()

    def test_holds_only_once_its_first_code_is_right(self, db: None) -> None:
        who = person(organization(Kind.APPLICANT, "一家示例有限公司"), Role.APPLICANT_LEGAL_REP)
        with pytest.raises(errors.NothingToConfirm):
            actions.confirm_enrolment(code="123456", actor=who, at=MORNING)
        actions.begin_enrolment(password=PASSWORD, actor=who, at=MORNING)
        with pytest.raises(InvalidInput):
            actions.confirm_enrolment(code="12345", actor=who, at=MORNING)
        assert queries.second_factor_of(actor=who) is None
        with pytest.raises(errors.SecondFactorMissing):
            proven(who, code=code_of(who, at=LATER))

    def test_of_another_application_asks_for_the_present_one(self, signer: User) -> None:
        first = SecondFactor.objects.get(user=signer)
        with pytest.raises(errors.ProofWrong):
            actions.begin_enrolment(password=PASSWORD, actor=signer, at=LATER)
        assert SecondFactor.objects.get(user=signer) == first

        actions.begin_enrolment(
            password=PASSWORD, code=code_of(signer, at=LATER), actor=signer, at=LATER
        )
        actions.confirm_enrolment(code=code_of(signer, at=LATER), actor=signer, at=LATER)

        first.refresh_from_db()
        assert first.removed_at == LATER
        assert queries.second_factor_of(actor=signer).since == LATER  # type: ignore[union-attr]

    def test_is_reset_by_the_security_officer_with_a_reason(self, signer: User) -> None:
        officer = person(organization(Kind.PLATFORM, "平台"), Role.SECURITY_OFFICER)
        other = person(organization(Kind.PLATFORM, "平台"), Role.PLATFORM_OPS)
        for who in (other, signer):
            with pytest.raises(Forbidden):
                actions.reset_second_factor(
                    username=signer.username, reason="手机遗失", actor=who, at=LATER
                )
        with pytest.raises(InvalidInput):
            actions.reset_second_factor(
                username=signer.username, reason=" ", actor=officer, at=LATER
            )
        assert queries.second_factor_of(actor=signer) is not None

        actions.reset_second_factor(
            username=signer.username, reason="手机遗失", actor=officer, at=LATER
        )

        assert queries.second_factor_of(actor=signer) is None
        with pytest.raises(InvalidInput):
            actions.reset_second_factor(
                username=signer.username, reason="手机遗失", actor=officer, at=LATER
            )


    def test_by_its_page_is_for_the_security_officer_alone(self, signer: User) -> None:
        officer = person(organization(Kind.PLATFORM, "平台"), Role.SECURITY_OFFICER)
        given = {"username": signer.username, "reason": "手机遗失"}
        for who, status in ((signer, 403), (officer, 302)):
            client = Client()
            client.force_login(who, "django.contrib.auth.backends.ModelBackend")
            answer = client.post(reverse("portal:second_factor_reset"), given)
            assert answer.status_code == status
        assert queries.second_factor_of(actor=signer) is None

    def test_pauses_after_ten_guesses_at_the_password(self, db: None) -> None:
        who = person(organization(Kind.APPLICANT, "一家示例有限公司"), Role.APPLICANT_LEGAL_REP)
        for _try in range(10):
            with pytest.raises(errors.ProofWrong):
                actions.begin_enrolment(password="Wrong-password-1", actor=who, at=MORNING)
        with pytest.raises(errors.TooManyAttempts):
            actions.begin_enrolment(password=PASSWORD, actor=who, at=MORNING)
        assert not SecondFactor.objects.exists()


class TestThePages:
    def test_lead_from_the_profile_to_the_recovery_codes(self, db: None) -> None:
        who = person(organization(Kind.APPLICANT, "一家示例有限公司"), Role.APPLICANT_LEGAL_REP)
        client = Client()
        client.force_login(who, "django.contrib.auth.backends.ModelBackend")
        begin, confirm = reverse("portal:second_factor"), reverse("portal:second_factor_confirm")

        assert client.get(confirm).headers["Location"] == begin
        assert client.post(begin, {"password": "Wrong-password-1"}).status_code == 422
        asked = client.post(f"{begin}?next=/agreements/", {"password": PASSWORD})
        assert asked.headers["Location"] == confirm
        page = client.get(confirm)
        assert "data:image/svg+xml" in page.content.decode()
        assert page.headers["Cache-Control"] == "private, no-store"
        assert client.post(confirm, {"code": "12"}).status_code == 422

        done = client.post(confirm, {"code": code_of(who, at=clock.now())})

        assert done.status_code == 200
        assert done.headers["Cache-Control"] == "private, no-store"
        assert 'href="/agreements/"' in done.content.decode()
        assert queries.second_factor_of(actor=who) is not None

    def test_never_lead_to_another_host(self, db: None) -> None:
        who = person(organization(Kind.APPLICANT, "一家示例有限公司"), Role.APPLICANT_LEGAL_REP)
        client = Client()
        client.force_login(who, "django.contrib.auth.backends.ModelBackend")
        begin = f"{reverse('portal:second_factor')}?next=https://example.com/"
        client.post(begin, {"password": PASSWORD})
        done = client.post(
            reverse("portal:second_factor_confirm"), {"code": code_of(who, at=clock.now())}
        )
        assert "example.com" not in done.content.decode()


class TestTheCommandOfTheDemonstration:
    def test_prints_a_code_that_proves_it(self, signer: User) -> None:
        said = StringIO()
        with clock.fixed(LATER):
            call_command("demo_code", signer.username, stdout=said)
        assert len(proven(signer, code=said.getvalue().strip())) == 10

    @override_settings(TESTING=False, DEMO=False)
    def test_is_refused_on_a_real_site(self, signer: User) -> None:
        with pytest.raises(CommandError):
            call_command("demo_code", signer.username)

    def test_knows_nobody_else(self, db: None) -> None:
        with pytest.raises(CommandError):
            call_command("demo_code", "nobody")
