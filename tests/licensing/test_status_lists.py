"""The signed lists say what the live answer says, to checkers who have no network."""

from __future__ import annotations

import base64
import gzip
import json
import os
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jwcrypto import jwk, jws

from catalog import actions as catalog
from contracts import actions as contracts
from core import clock
from core.errors import DomainError
from core.models import SigningKey
from core.signatures import keys
from licensing import actions, offline, queries, status_list
from licensing.models import License, LicenseDocument
from licensing.numbers import STATUS_ENTRIES, read_status_list, status_place_of
from parties.queries import system_actor
from tests.builders.applications import day
from tests.builders.licensing import Licensed
from tests.core.signing_facts import flipped

AT = day("2026-11-03")
PURPOSES = status_list.PURPOSES


def tokens(at: datetime = AT) -> list[bytes]:
    return [
        queries.status_list_token(purpose=purpose, name="2026", at=at).token
        for purpose in PURPOSES
    ]


def said(token: bytes) -> dict[str, Any]:
    body = token.split(b".")[1]
    return json.loads(base64.urlsafe_b64decode(body + b"=" * (-len(body) % 4)))


def bits_of(purpose: str, at: datetime = AT) -> bytes:
    found = queries.status_list_token(purpose=purpose, name="2026", at=at)
    return status_list.decode(said(found.token)["credentialSubject"]["encodedList"])


def standing_by_lists(row: License, at: datetime) -> str:
    index = status_place_of(row.machine_number).index
    if status_list.is_set(bits_of("revocation", at), index):
        return "ENDED"
    return "STOPPED" if status_list.is_set(bits_of("suspension", at), index) else "VALID"


def paper(stage: Licensed) -> bytes:
    return bytes(
        LicenseDocument.objects.get(
            license=stage.licenses["D01"], kind="ORIGINAL", retired_at=None
        ).file
    )


def packed(bits: bytes) -> str:
    """Return bits in the outer form of a list, whatever their number."""
    return "u" + base64.urlsafe_b64encode(gzip.compress(bits, mtime=0)).decode().rstrip("=")


class TestBits:
    @settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(st.sets(st.integers(0, STATUS_ENTRIES - 1), max_size=12))
    def test_every_entry_reads_as_it_was_written(self, indexes: set[int]) -> None:
        bits = status_list.decode(status_list.encode(indexes))

        assert len(bits) * 8 == STATUS_ENTRIES
        assert all(status_list.is_set(bits, index) for index in indexes)
        assert sum(byte.bit_count() for byte in bits) == len(indexes)

    def test_the_first_entry_is_the_leftmost_bit(self) -> None:
        text = status_list.encode([0, 9])
        assert text[0] == "u"
        packed = base64.urlsafe_b64decode(text[1:] + "=" * (-(len(text) - 1) % 4))
        assert gzip.decompress(packed)[:2] == bytes([0b1000_0000, 0b0100_0000])

    @pytest.mark.parametrize(
        "text",
        [
            pytest.param("", id="nothing"),
            pytest.param("z123", id="another base"),
            pytest.param("u!!", id="no base64"),
            pytest.param("uQUJD", id="not packed"),
            pytest.param(status_list.encode([1])[:-8], id="cut off"),
            pytest.param(packed(bytes(10)), id="too short"),
            pytest.param(packed(bytes(10**7)), id="too long"),
        ],
    )
    def test_what_is_no_list_is_refused(self, text: str) -> None:
        with pytest.raises(status_list.UnreadableList):
            status_list.decode(text)

    def test_a_place_is_of_the_number_alone_and_a_year_has_further_lists(self) -> None:
        numbers = ["WX-202610-3202-0000012-C", "WX-202612-3202-0131072-0"]
        places = [status_place_of(number) for number in numbers]
        assert [(p.list, p.index) for p in places] == [("2026", 12), ("2026-2", 0)]
        assert read_status_list("2026-2") == (2026, STATUS_ENTRIES)
        assert [read_status_list(name) for name in ("2026-1", "x", "2026-0")] == [None] * 3


OF_LICENSE = {
    "suspend": (actions.suspend_license, "supervisor"),
    "resume": (actions.resume_license, "supervisor"),
    "revoke": (actions.revoke_license, "decider"),
    "surrender": (actions.surrender_license, "legal_rep"),
}
AROUND = {
    "stop dataset": (catalog.suspend_dataset, "dataset_id"),
    "open dataset": (catalog.resume_dataset, "dataset_id"),
    "stop agreement": (contracts.suspend_agreement, "agreement_id"),
    "open agreement": (contracts.resume_agreement, "agreement_id"),
}
STEPS = [*OF_LICENSE, *AROUND, "months pass", "replaced", "follow"]


def walk(stage: Licensed, step: str, at: datetime) -> datetime:
    """Let something happen if it may; return the time afterwards."""
    row = stage.license("D01")
    about = {"reason": "核查", "at": at}
    try:
        if step in OF_LICENSE:
            act, who = OF_LICENSE[step]
            act(license_id=row.pk, actor=getattr(stage.city, who), **about)
        elif step in AROUND:
            act, name = AROUND[step]
            act(**{name: getattr(row, name)}, actor=stage.city.supervisor, **about)
        elif step == "replaced":
            actions.supersede_license(license_id=row.pk, actor=system_actor(), **about)
        elif step == "follow":
            actions.follow_agreement(agreement_id=row.agreement_id, reason="核查", at=at)
            actions.follow_dataset(dataset_id=row.dataset_id, reason="核查", at=at)
    except DomainError:
        pass  # A step that is not open is part of a history.
    return at + timedelta(days=60 if step == "months pass" else 1)


class TestLists:
    @pytest.mark.parametrize("seed", range(10))
    def test_say_what_the_live_answer_says_whatever_happened(
        self, stage: Licensed, seed: int
    ) -> None:
        chance, at, seen = Random(seed), AT, set()
        for _ in range(8):
            at = walk(stage, chance.choice(STEPS), at)
            for code in ("D01", "D07"):
                row = stage.license(code)
                live = queries.verification(row.number, at=at)
                assert standing_by_lists(row, at) == live.standing
                seen.add(live.standing)
        assert seen

    def test_end_with_the_term_before_any_sweep(self, stage: Licensed) -> None:
        row = stage.license("D01")
        assert standing_by_lists(row, AT) == "VALID"
        assert standing_by_lists(row, day("2032-01-01")) == "ENDED"

    def test_set_no_bit_of_anybody_else(self, stage: Licensed) -> None:
        actions.revoke_license(
            license_id=stage.licenses["D01"].pk, reason="撤销", actor=stage.city.decider, at=AT
        )
        assert sum(byte.bit_count() for byte in bits_of("revocation")) == 1

    def test_name_no_company(self, stage: Licensed) -> None:
        told = json.dumps(said(tokens()[0]), ensure_ascii=False)
        assert stage.license("D01").licensee.name not in told
        assert stage.license("D01").licensee.uscc not in told

    @pytest.mark.parametrize(
        ("purpose", "name"), [("message", "2026"), ("revocation", "2031"), ("revocation", "x")]
    )
    def test_are_only_what_there_is(self, stage: Licensed, purpose: str, name: str) -> None:
        assert queries.status_list_token(purpose=purpose, name=name, at=AT) is None


class TestPublication:
    def test_the_list_is_signed_with_the_published_key_and_kept_a_while(
        self, stage: Licensed
    ) -> None:
        cache.clear()
        client = Client()
        with clock.fixed(AT):
            answer = client.get("/status/revocation/2026")
            known = client.get("/status/keys.json").json()
            again = client.get("/status/revocation/2026", headers={"If-None-Match": answer["ETag"]})
            missing = client.get("/status/revocation/2031")

        opened = jws.JWS()
        opened.deserialize(answer.content.decode(), jwk.JWKSet.from_json(json.dumps(known)))
        header = opened.jose_header
        assert (header["alg"], header["typ"]) == ("ES256", "vc+jwt")
        assert answer["Content-Type"] == "application/vc+jwt"
        assert answer["Cache-Control"] == "public, max-age=60"
        assert (again.status_code, again.content) == (304, b"")
        assert missing.status_code == 404
        stated = json.loads(opened.payload)
        assert stated["type"] == ["VerifiableCredential", "BitstringStatusListCredential"]
        assert stated["credentialSubject"]["statusPurpose"] == "revocation"

    def test_another_state_is_another_tag(self, stage: Licensed) -> None:
        before = queries.status_list_token(purpose="revocation", name="2026", at=AT)
        actions.revoke_license(
            license_id=stage.licenses["D01"].pk, reason="撤销", actor=stage.city.decider, at=AT
        )
        after = queries.status_list_token(purpose="revocation", name="2026", at=AT)
        assert before.tag != after.tag

    def test_a_list_costs_the_same_few_queries_for_any_number_of_licenses(
        self, stage: Licensed, queries_of: Any
    ) -> None:
        keys.identity_of(
            holder=keys.Holder(id="warm", name="warm"), at=AT
        )  # The roots are read once per process.
        assert queries_of(tokens) <= 14


def offline_answer(content: bytes, lists: list[bytes], at: datetime = AT) -> str:
    return offline.check(content=content, lists=lists, roots=keys.trust_roots(), at=at).answer


class TestOffline:
    def test_follows_the_life_of_the_license(self, stage: Licensed) -> None:
        content, pk = paper(stage), stage.licenses["D01"].pk
        answers = [offline_answer(content, tokens())]
        about = {"license_id": pk, "reason": "核查", "at": AT}
        actions.suspend_license(actor=stage.city.supervisor, **about)
        answers.append(offline_answer(content, tokens()))
        actions.resume_license(actor=stage.city.supervisor, **about)
        actions.reissue_certificate(
            license_id=pk, cause="LOST", reason="遗失", actor=stage.city.case, at=AT
        )
        answers.append(offline_answer(content, tokens()))
        answers.append(offline_answer(paper(stage), tokens()))
        actions.revoke_license(actor=stage.city.decider, **about)
        answers.append(offline_answer(paper(stage), tokens()))

        assert answers == ["GENUINE", "SUSPENDED", "SUPERSEDED", "GENUINE", "ENDED"]

    def test_without_both_lists_it_says_that_the_status_is_unknown(self, stage: Licensed) -> None:
        assert offline_answer(paper(stage), []) == "STATUS_UNKNOWN"
        assert offline_answer(paper(stage), tokens()[:1]) == "STATUS_UNKNOWN"

    def test_one_turned_bit_is_altered(self, stage: Licensed) -> None:
        assert offline_answer(flipped(paper(stage)), tokens()) == "ALTERED"
        assert offline_answer(b"%PDF-1.7 foreign", tokens()) == "UNKNOWN"

    def test_a_list_out_of_date_or_altered_or_of_somebody_else_is_refused(
        self, stage: Licensed
    ) -> None:
        content, lists = paper(stage), tokens()
        head, body, signature = lists[0].split(b".")
        forged = body[:-20] + (b"A" if body[-20:-19] != b"A" else b"B") + body[-19:]
        roots = keys.trust_roots()
        for bad in (b".".join((head, forged, signature)), head, b"", b"\xff"):
            with pytest.raises(offline.UnusableList):
                offline.check(content=content, lists=[bad], roots=roots, at=AT)
        with pytest.raises(offline.UnusableList, match="held until"):
            offline.check(content=content, lists=lists, roots=roots, at=AT + timedelta(days=2))
        SigningKey.objects.all().delete()
        with pytest.raises(offline.UnusableList, match="not trusted"):
            offline.check(content=content, lists=tokens(), roots=roots, at=AT)

    def test_the_command_needs_no_database_and_no_network(
        self, stage: Licensed, tmp_path: Path
    ) -> None:
        (tmp_path / "paper.pdf").write_bytes(paper(stage))
        (tmp_path / "altered.pdf").write_bytes(flipped(paper(stage)))
        (tmp_path / "ca.pem").write_bytes(queries.trusted_roots_pem())
        clock.write_file(tmp_path / "clock.json", at=AT)
        lists = []
        for number, token in enumerate(tokens()):
            (tmp_path / f"list{number}").write_bytes(token)
            lists += ["--status-list", str(tmp_path / f"list{number}")]

        def run(name: str) -> subprocess.CompletedProcess[str]:
            return subprocess.run(
                [sys.executable, "manage.py", "check_certificate", tmp_path / name, *lists,
                 "--trust", tmp_path / "ca.pem"],
                capture_output=True, text=True, check=False,
                env=os.environ | {
                    "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none",
                    "DATADEED_CLOCK_FILE": str(tmp_path / "clock.json"),
                },
            )  # fmt: skip

        good, bad = run("paper.pdf"), run("altered.pdf")
        assert (good.returncode, good.stdout.splitlines()[0]) == (0, "GENUINE"), good.stderr
        assert stage.license("D01").machine_number in good.stdout
        assert (bad.returncode, bad.stdout.splitlines()[0]) == (1, "ALTERED"), bad.stderr
