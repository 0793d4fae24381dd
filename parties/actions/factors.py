"""
Enrol a second factor, and prove by password and one-time code that it is oneself who acts.

A wrong try is counted although nothing else comes of it: an action that asks for a proof returns
the refusal, its transaction is committed, and only then the refusal is raised (``proven``).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import wraps
from typing import Any, cast
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.errors import DomainError, Forbidden, InvalidInput
from parties import errors, onetime
from parties.actions.companies import count_attempt
from parties.models import RecoveryCode, SecondFactor, User
from parties.policies import FACTOR_KEEPERS
from parties.queries import desks_of
from workflow import audit, transitions

# Wrong tries in a row after which there is a pause, and how long it is: as at the sign-in.
FAILURES_MAX = 5
PAUSE_MINUTES = 15
# Only steps within a minute of now could be used again; a few more are kept.
STEPS_KEPT = 8
ATTEMPT = "enrolment"
REASON_CHARACTERS_MAX = 500


@dataclass(frozen=True, slots=True)
class Proof:
    """What a person enters at the moment of a grave act."""

    password: str
    code: str


@dataclass(frozen=True, slots=True)
class Proven:
    """Which person it was, by which factor, and by which kind of code."""

    person_id: UUID
    factor_id: int
    method: str


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What an authenticator application needs; shown to its owner alone, until confirmed."""

    secret_text: str
    address: str


def proven(function: Callable[..., Any]) -> Callable[..., Any]:
    """Make an action of a function that may return a refused proof: commit, then raise it."""
    action = transitions.action(function)

    @wraps(function)
    def run(**kwargs: Any) -> Any:
        result = action(**kwargs)
        if isinstance(result, DomainError):
            raise result
        return result

    return run


def prove(*, person: Any, proof: Proof, at: datetime) -> Proven | DomainError:
    """
    Ask password and one-time code of a person, inside the transaction of the act.

    The refusal is returned, not raised, for the caller to commit the tally of wrong tries; a code
    that was taken cannot be taken again.
    """
    factor = _factors(person).filter(confirmed_at__isnull=False).first()
    if factor is None:
        return errors.SecondFactorMissing()
    paused = factor.failures >= FAILURES_MAX and factor.failed_at is not None
    if paused and at < cast(datetime, factor.failed_at) + timedelta(minutes=PAUSE_MINUTES):
        return errors.TooManyAttempts()
    if paused:
        factor.failures = 0
    right = person.check_password(proof.password)
    step = onetime.step_of(secret=_secret(factor), code=proof.code, at=at)
    spare = _recovery_code(factor, proof.code) if step is None else None
    if not right or (step is None and spare is None):
        return _failed(factor, at=at)
    if step is not None and step in factor.used_steps:
        return errors.CodeUsed(fields={"code": errors.CodeUsed.default_message})
    return _taken(factor, step=step, spare=spare, at=at)


@proven
def begin_enrolment(
    *, password: str, actor: Any, at: datetime, code: str = ""
) -> Enrolment | DomainError:
    """
    Begin to enrol an authenticator application, or another one in place of the present.

    :raises ProofWrong: the password, or with a factor in force the code, is not right.
    :raises CodeUsed: the code was used already.
    :raises TooManyAttempts: five wrong tries in a row; a quarter of an hour has to pass.
    """
    _lock_person(actor)
    if _factors(actor).filter(confirmed_at__isnull=False).exists():
        answer = prove(person=actor, proof=Proof(password, code), at=at)
        if isinstance(answer, DomainError):
            return answer
    else:
        # No factor counts the tries yet; an open screen must not be a place to guess at.
        count_attempt(kind=ATTEMPT, source=str(actor.pk), at=at)
        if not actor.check_password(password):
            return errors.ProofWrong(fields={"password": errors.ProofWrong.default_message})
    _factors(actor).filter(confirmed_at=None).update(removed_at=at)
    secret = onetime.new_secret()
    factor = SecondFactor.objects.create(
        user=actor, secret=onetime.seal(secret=secret), created_at=at
    )
    audit.record(factor, "enrol_begin", actor=actor, at=at)
    return _enrolment(actor, secret)


@transitions.action
def confirm_enrolment(*, code: str, actor: Any, at: datetime) -> tuple[str, ...]:
    """
    Confirm an enrolment by its first code; return the recovery codes, which are shown once.

    :raises NothingToConfirm: no enrolment was begun.
    :raises InvalidInput: the code is not that of the new application.
    """
    _lock_person(actor)
    factor = _factors(actor).filter(confirmed_at=None).first()
    if factor is None:
        raise errors.NothingToConfirm
    step = onetime.step_of(secret=_secret(factor), code=code, at=at)
    if step is None:
        said = _("This is not the code of the new application. Check the clock of the telephone.")
        raise InvalidInput(fields={"code": said})
    _factors(actor).filter(confirmed_at__isnull=False).update(removed_at=at)
    factor.confirmed_at, factor.used_steps = at, [step]
    factor.save(update_fields=["confirmed_at", "used_steps"])
    codes = _new_codes(factor)
    audit.record(factor, "enrol_confirm", actor=actor, at=at, facts={"recovery_codes": len(codes)})
    return codes


@proven
def renew_recovery_codes(
    *, proof: Proof, actor: Any, at: datetime
) -> tuple[str, ...] | DomainError:
    """
    Replace the recovery codes; those not used are worthless from then on.

    :raises SecondFactorMissing, ProofWrong, CodeUsed, TooManyAttempts: as ``prove`` refuses.
    """
    answer = prove(person=actor, proof=proof, at=at)
    if isinstance(answer, DomainError):
        return answer
    factor = SecondFactor.objects.get(pk=answer.factor_id)
    factor.recovery_codes.filter(used_at=None).delete()
    codes = _new_codes(factor)
    audit.record(factor, "renew_codes", actor=actor, at=at, facts={"recovery_codes": len(codes)})
    return codes


@transitions.action
def reset_second_factor(*, username: str, reason: str, actor: Any, at: datetime) -> None:
    """
    Remove the second factor of a person who lost telephone and codes; the person enrols anew.

    :raises Forbidden: the actor is not the security officer of the platform, or is the person.
    :raises InvalidInput: no reason, no such person, or one without a factor.
    """
    keeper = any((desk.kind, desk.role) in FACTOR_KEEPERS for desk in desks_of(actor))
    if not (keeper or getattr(actor, "is_system", False)) or username == actor.username:
        raise Forbidden
    stated = reason.strip()
    if not stated or len(stated) > REASON_CHARACTERS_MAX:
        raise InvalidInput(fields={"reason": _("State the reason.")})
    person = User.objects.filter(username=username.strip().lower()).first()
    factors = list(_factors(person)) if person is not None else []
    if not factors:
        said = _("Nobody of this user name has set one up.")
        raise InvalidInput(fields={"username": said})
    for factor in factors:
        factor.removed_at, factor.remove_reason = at, stated
        factor.save(update_fields=["removed_at", "remove_reason"])
        audit.record(factor, "reset_factor", actor=actor, at=at, facts={"reason": stated})


def pending_enrolment(*, actor: Any) -> Enrolment | None:
    """Return the enrolment a person has begun, for the page that shows it to its owner."""
    factor = SecondFactor.objects.filter(user=actor, removed_at=None, confirmed_at=None).first()
    return None if factor is None else _enrolment(actor, _secret(factor))


def _enrolment(person: Any, secret: bytes) -> Enrolment:
    return Enrolment(
        secret_text=onetime.text_of(secret=secret),
        address=onetime.address(secret=secret, username=person.username),
    )


def _factors(person: Any) -> Any:
    return SecondFactor.objects.select_for_update(of=("self",), no_key=True).filter(
        user=person, removed_at=None
    )


def _lock_person(person: Any) -> None:
    """Let two enrolments of one person wait for each other; there may be no factor to lock yet."""
    User.objects.select_for_update(of=("self",), no_key=True).get(pk=person.pk)


def _secret(factor: SecondFactor) -> bytes:
    return onetime.unseal(sealed=factor.secret)


def _recovery_code(factor: SecondFactor, code: str) -> RecoveryCode | None:
    hashed = onetime.hash_of_recovery_code(code=code)
    return factor.recovery_codes.filter(Q(used_at=None), code_hash=hashed).first()


def _failed(factor: SecondFactor, *, at: datetime) -> DomainError:
    factor.failures, factor.failed_at = factor.failures + 1, at
    factor.save(update_fields=["failures", "failed_at"])
    facts = {"failures": factor.failures}
    audit.record(factor, "proof_fail", actor=factor.user, at=at, outcome="REFUSED", facts=facts)
    return errors.ProofWrong(fields={"code": errors.ProofWrong.default_message})


def _taken(
    factor: SecondFactor, *, step: int | None, spare: RecoveryCode | None, at: datetime
) -> Proven:
    if spare is not None:
        spare.used_at = at
        spare.save(update_fields=["used_at"])
    else:
        factor.used_steps = [*factor.used_steps, step][-STEPS_KEPT:]
    factor.failures, factor.failed_at = 0, None
    factor.save(update_fields=["used_steps", "failures", "failed_at"])
    method = "TOTP" if spare is None else "RECOVERY_CODE"
    audit.record(factor, "proof_use", actor=factor.user, at=at, facts={"method": method})
    return Proven(factor.user_id, factor.pk, method)


def _new_codes(factor: SecondFactor) -> tuple[str, ...]:
    codes = onetime.new_recovery_codes()
    RecoveryCode.objects.bulk_create(
        RecoveryCode(factor=factor, code_hash=onetime.hash_of_recovery_code(code=code))
        for code in codes
    )
    return codes
