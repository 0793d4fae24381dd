"""A copy signed elsewhere: taken only when it is the offered one with the party's signature."""

from __future__ import annotations

import io
from datetime import datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.signers.pdf_signer import PdfSignatureMetadata, PdfSigner
from pypdf import PdfWriter

from contracts import actions, errors, queries, terms
from contracts.actions import papers
from contracts.models import Agreement, AgreementDocument, Signature
from core import clock
from core.errors import Forbidden, InvalidInput, NotAllowedNow
from core.signatures import checking, demo_ca, keys, signing
from core.signatures.held import HeldKeySigner
from core.signatures.keys import Holder, Identity
from core.signatures.places import Place
from parties.errors import ProofWrong
from tests.builders.contracts import SIGNED, sign
from tests.builders.signing import PASSWORD, proof_of
from tests.contracts.conftest import Case
from tests.core.signing_facts import flipped

STAGE = "ready"
pytestmark = pytest.mark.django_db


def offered(agreement: Agreement, who: Any) -> bytes:
    """Return the copy that the page offers for signing."""
    return queries.document_to_sign(agreement_id=agreement.pk, actor=who)[1]


def signed_outside(
    agreement: Agreement, content: bytes, house: Any, *, identity: Identity | None = None,
    place: str = "",
) -> bytes:  # fmt: skip
    """Return the copy with one signature more, as a program outside would make it."""
    places = {one["name"]: Place(**one) for one in papers.text_of(agreement).places}
    mine = places.pop(place or house.uscc)
    return signing.sign_pdf(
        content=content,
        identity=identity
        or keys.identity_of(holder=Holder(id=house.uscc, name=house.name), at=SIGNED),
        place=mine,
        further=tuple(places.values()),
        at=SIGNED,
    )


def of_another_authority(house: Any, *, at: datetime = SIGNED) -> Identity:
    """Return an identity of the same name and code, issued by somebody nobody trusts."""
    root_key, key = (demo_ca.make_key(algorithm=keys.P256) for _ in range(2))
    root = demo_ca.make_root(key=root_key, at=at)
    holder = Holder(id=house.uscc, name=house.name)
    certificate = demo_ca.issue(holder=holder, key=key, root=root, root_key=root_key, at=at)
    signer = HeldKeySigner(
        key=key, certificate=keys.to_asn1(certificate), chain=[keys.to_asn1(root)]
    )
    return Identity(holder=holder, certificate=certificate, chain=(root,), signer=signer, demo=True)


def hand_in(agreement: Agreement, who: Any, content: bytes, **changes: Any) -> Agreement:
    """Hand a copy in."""
    given = {"name": "已签协议.pdf", "proof": proof_of(who, at=SIGNED)} | changes
    return actions.hand_in_signed_copy(
        agreement_id=agreement.pk, content=content, actor=who, at=SIGNED, **given
    )


def untouched(agreement: Agreement) -> bool:
    """Say whether nothing was written."""
    now = Agreement.objects.get(pk=agreement.pk)
    kinds = set(now.documents.values_list("kind", flat=True))
    return (
        now.state == Agreement.State.READY_TO_SIGN
        and not Signature.objects.exists()
        and kinds == {AgreementDocument.Kind.TEXT}
    )


def test_a_copy_of_the_party_is_taken_and_the_others_sign_on_it(case: Case) -> None:
    city, agreement = case
    copy = signed_outside(agreement, offered(agreement, city.legal_rep), city.applicant)

    hand_in(agreement, city.legal_rep, copy)

    signature = Signature.objects.get()
    assert (signature.proof, signature.signer) == ("UPLOAD", city.legal_rep)
    assert signature.text_hash == agreement.text_hash
    assert signature.certificate_subject == city.applicant.name
    assert bytes(signature.document.file) == copy  # type: ignore[union-attr]
    sign(agreement, city.leader)
    last = signed_outside(agreement, offered(agreement, city.second_leader), city.second_provider)
    assert hand_in(agreement, city.second_leader, last).state == Agreement.State.EFFECTIVE
    assert queries.check_copy(content=last, at=SIGNED).verdict == "GENUINE"


def test_a_copy_signed_by_any_program_in_the_place_it_offers_is_taken(case: Case) -> None:
    city, agreement = case
    content = offered(agreement, city.legal_rep)
    house = city.applicant
    identity = keys.identity_of(holder=Holder(id=house.uscc, name=house.name), at=SIGNED)
    # No certification, no other places: what a program does that knows nothing of us.
    about = PdfSignatureMetadata(field_name=house.uscc, subfilter=SigSeedSubFilter.PADES)
    writer = IncrementalPdfFileWriter(io.BytesIO(content))
    copy = PdfSigner(about, identity.signer).sign_pdf(writer, existing_fields_only=True)

    hand_in(agreement, city.legal_rep, copy.getvalue())
    for who in (city.leader, city.second_leader):
        sign(agreement, who)

    now = Agreement.objects.get(pk=agreement.pk)
    assert now.state == Agreement.State.EFFECTIVE
    paper = bytes(now.documents.get(kind=AgreementDocument.Kind.SIGNED).file)
    report = checking.verify_pdf(content=paper, at=SIGNED)
    assert len(report.signatures) == 3
    assert report.sound


class TestACopyThatDoesNotFit:
    def refused(self, case: Case, content: bytes, what: str) -> None:
        city, agreement = case
        with pytest.raises(errors.CopyRefused) as refusal:
            hand_in(agreement, city.legal_rep, content)
        assert refusal.value.what == what
        assert str(refusal.value.fields["file"])
        assert untouched(agreement)

    def test_without_a_signature(self, case: Case) -> None:
        city, agreement = case
        self.refused(case, offered(agreement, city.legal_rep), "UNSIGNED")

    def test_with_something_added_that_is_no_signature(self, case: Case) -> None:
        city, agreement = case
        content = offered(agreement, city.legal_rep)
        writer = PdfWriter(io.BytesIO(content), incremental=True)
        writer.add_metadata({"/Title": "另一份协议"})
        file = io.BytesIO()
        writer.write(file)
        assert file.getvalue().startswith(content)
        self.refused(case, file.getvalue(), "UNSIGNED")

    def test_of_another_text(self, case: Case) -> None:
        city, agreement = case
        content = flipped(offered(agreement, city.legal_rep))
        self.refused(case, signed_outside(agreement, content, city.applicant), "TEXT")

    def test_with_a_byte_of_its_own_signature_changed(self, case: Case) -> None:
        city, agreement = case
        before = offered(agreement, city.legal_rep)
        copy = signed_outside(agreement, before, city.applicant)
        place = copy.index(b"/Contents", len(before)) + 400
        bad = copy[:place] + (b"0" if copy[place : place + 1] != b"0" else b"1") + copy[place + 1 :]
        city, agreement = case
        with pytest.raises(errors.CopyRefused) as refusal:
            hand_in(agreement, city.legal_rep, bad)
        assert refusal.value.what in ("BROKEN", "UNREADABLE")
        assert untouched(agreement)

    def test_with_a_byte_of_the_addition_changed(self, case: Case) -> None:
        city, agreement = case
        before = offered(agreement, city.legal_rep)
        copy = signed_outside(agreement, before, city.applicant)
        place = copy.index(b"/Rect", len(before)) + 8
        bad = copy[:place] + bytes([copy[place] ^ 1]) + copy[place + 1 :]
        with pytest.raises(errors.CopyRefused) as refusal:
            hand_in(agreement, city.legal_rep, bad)
        assert refusal.value.what in ("BROKEN", "UNREADABLE")
        assert untouched(agreement)

    def test_signed_by_another_party_in_this_place(self, case: Case) -> None:
        city, agreement = case
        copy = signed_outside(
            agreement, offered(agreement, city.legal_rep), city.provider,
            place=city.applicant.uscc,
        )  # fmt: skip
        self.refused(case, copy, "SIGNER")

    def test_signed_in_the_place_of_another_party(self, case: Case) -> None:
        city, agreement = case
        copy = signed_outside(
            agreement, offered(agreement, city.legal_rep), city.applicant,
            place=city.provider.uscc,
        )  # fmt: skip
        self.refused(case, copy, "SIGNER")

    def test_signed_with_a_certificate_of_an_unknown_authority(self, case: Case) -> None:
        city, agreement = case
        # The site has a root of its own; the copy comes with another one of the same name.
        keys.identity_of(holder=Holder(id=city.provider.uscc, name=city.provider.name), at=SIGNED)
        copy = signed_outside(
            agreement, offered(agreement, city.legal_rep), city.applicant,
            identity=of_another_authority(city.applicant),
        )  # fmt: skip
        self.refused(case, copy, "UNTRUSTED")

    def test_with_two_signatures_at_once(self, case: Case) -> None:
        city, agreement = case
        copy = signed_outside(agreement, offered(agreement, city.legal_rep), city.applicant)
        copy = signed_outside(agreement, copy, city.provider)
        self.refused(case, copy, "COUNT")

    def test_that_acts_by_itself_or_is_none_at_all(self, case: Case) -> None:
        city, agreement = case
        copy = signed_outside(agreement, offered(agreement, city.legal_rep), city.applicant)
        for bad in (b"", b"nothing", copy + b"\n/OpenAction 1 0 R", copy + b"/JavaScript"):
            with pytest.raises(InvalidInput):
                hand_in(agreement, city.legal_rep, bad)
            assert untouched(agreement)

    def test_without_the_proof_of_the_signer(self, case: Case) -> None:
        city, agreement = case
        copy = signed_outside(agreement, offered(agreement, city.legal_rep), city.applicant)
        proof = proof_of(city.legal_rep, at=SIGNED)
        with pytest.raises(ProofWrong):
            hand_in(
                agreement, city.legal_rep, copy, proof=type(proof)("Wrong-password-1", proof.code)
            )
        assert untouched(agreement)

    def test_by_somebody_who_does_not_sign_or_out_of_turn(self, case: Case) -> None:
        city, agreement = case
        copy = signed_outside(agreement, offered(agreement, city.legal_rep), city.applicant)
        with pytest.raises(Forbidden):
            hand_in(agreement, city.agent, copy)
        with pytest.raises(NotAllowedNow):
            hand_in(agreement, city.leader, copy)
        assert untouched(agreement)


def test_the_page_offers_the_copy_and_tells_the_reason(case: Case) -> None:
    city, agreement = case
    client = Client()
    client.force_login(city.legal_rep, "django.contrib.auth.backends.ModelBackend")
    address = reverse("portal:agreement_upload", args=[agreement.pk])
    copy_address = reverse("portal:agreement_copy", args=[agreement.pk])
    assert copy_address in client.get(address).content.decode()
    content = client.get(copy_address).content
    with clock.fixed(SIGNED):
        given = {"password": PASSWORD, "code": proof_of(city.legal_rep, at=SIGNED).code}
        file = SimpleUploadedFile("协议.pdf", content, "application/pdf")
        refused = client.post(address, {**given, "file": file})
        assert refused.status_code == 422
        assert "该文件未增加签名" in refused.content.decode()
        assert untouched(agreement)
        copy = signed_outside(agreement, content, city.applicant)
        file = SimpleUploadedFile("协议.pdf", copy, "application/pdf")
        assert client.post(address, {**given, "file": file}).status_code == 302
    assert Signature.objects.get().proof == "UPLOAD"


@pytest.mark.scenario(50)
class TestAChangeAfterTheSignedCopyWasHandedIn:
    def test_voids_it_and_nothing_takes_effect_until_the_new_text_is_signed(
        self, case: Case
    ) -> None:
        city, agreement = case
        copy = signed_outside(agreement, offered(agreement, city.legal_rep), city.applicant)
        hand_in(agreement, city.legal_rep, copy)
        actions.reopen_agreement(
            agreement_id=agreement.pk, reason="补充约定", actor=city.officer, at=SIGNED
        )

        now = Agreement.objects.get(pk=agreement.pk)
        assert now.state == Agreement.State.NEGOTIATING
        assert not now.signatures.filter(voided_at=None).exists()
        with pytest.raises(NotAllowedNow):
            hand_in(agreement, city.legal_rep, copy)

        days = terms.dump(terms.parse(now.terms))["retention"]["days"]
        proposal = actions.propose_change(
            agreement_id=agreement.pk, changes={"retention": {"days": days - 1}},
            reason="少留一日", actor=city.officer, at=SIGNED,
        )  # fmt: skip
        actions.accept_change(proposal_id=proposal.pk, actor=city.legal_rep, at=SIGNED)
        actions.finalize_agreement(agreement_id=agreement.pk, actor=city.officer, at=SIGNED)
        # The copy of the old text is no signature of the new one.
        with pytest.raises(errors.CopyRefused) as refusal:
            hand_in(agreement, city.legal_rep, copy)
        assert refusal.value.what == "TEXT"
        with pytest.raises(NotAllowedNow):
            sign(agreement, city.leader)
        assert not Signature.objects.filter(voided_at=None).exists()

        now = Agreement.objects.get(pk=agreement.pk)
        again = signed_outside(now, offered(now, city.legal_rep), city.applicant)
        hand_in(now, city.legal_rep, again)
        standing = Signature.objects.get(voided_at=None)
        assert standing.text_hash == now.text_hash != agreement.text_hash
