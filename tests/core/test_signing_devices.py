"""Keys that stay in a device, and time stamps of a service: both over their real interfaces."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from asn1crypto import keys as asn1_keys
from asn1crypto import tsp
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from django.test import override_settings
from pyhanko.sign.timestamps import DummyTimeStamper
from pyhanko_certvalidator.registry import SimpleCertificateStore

from core.signatures import checking, demo_ca, keys, signing
from core.signatures import device as device_keys
from core.signatures.errors import KeysNotConfigured, NoKeyOfHolder, TimestampUnavailable
from tests.core.signing_facts import AUTHORITY, COMPANY, LEFT, NOON, document, pdfsig, pyhanko

SOFTHSM = os.environ.get("SOFTHSM2_MODULE", "/usr/lib/softhsm/libsofthsm2.so")
UTILITY = os.environ.get("SOFTHSM2_UTIL", "softhsm2-util")
PIN = "246810"


def root_of_site() -> tuple[Any, x509.Certificate]:
    key = demo_ca.make_key(algorithm=keys.P256)
    return key, demo_ca.make_root(key=key, at=NOON)


class TestSettings:
    @override_settings(SIGNING_KEYS="pkcs11", PKCS11_MODULE="", PKCS11_TOKEN="")
    def test_a_device_that_is_not_named_is_told_by_the_names_of_the_settings(self) -> None:
        with pytest.raises(KeysNotConfigured, match="PKCS11_MODULE, PKCS11_TOKEN"):
            keys.identity_of(holder=AUTHORITY, at=NOON)

    @override_settings(SIGNING_KEYS="pkcs11", PKCS11_MODULE="/m.so", PKCS11_TOKEN="t")
    def test_a_package_that_is_missing_is_told_with_the_command_that_brings_it(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setitem(sys.modules, "pkcs11", None)
        with pytest.raises(KeysNotConfigured, match=r"pip install 'pyHanko\[pkcs11\]'"):
            keys.identity_of(holder=AUTHORITY, at=NOON)

    @override_settings(SIGNATURE_TRUST_FILE="/nowhere/roots.pem")
    @pytest.mark.django_db
    def test_a_file_of_roots_that_is_not_there_is_named(self) -> None:
        with pytest.raises(KeysNotConfigured, match="SIGNATURE_TRUST_FILE"):
            keys.trust_roots()


@pytest.fixture(scope="class")
def device(tmp_path_factory: pytest.TempPathFactory) -> Iterator[x509.Certificate]:
    """
    A token with the key of the authority in it; returns the root of its certificate.

    The library reads its settings once per process, so there is one token for all tests.
    """
    pkcs11 = pytest.importorskip("pkcs11", reason="needs pip install 'pyHanko[pkcs11]'")
    if not Path(SOFTHSM).is_file() or shutil.which(UTILITY) is None:
        pytest.skip("needs SoftHSM (Debian: softhsm2)")
    tmp_path = tmp_path_factory.mktemp("device")
    conf = tmp_path / "softhsm2.conf"
    (tmp_path / "tokens").mkdir()
    conf.write_text(f"directories.tokendir = {tmp_path / 'tokens'}\n")
    os.environ["SOFTHSM2_CONF"] = str(conf)
    run = [UTILITY, "--module", SOFTHSM]
    subprocess.run(
        [*run, "--init-token", "--free", "--label", "site", "--pin", PIN, "--so-pin", PIN],
        check=True, capture_output=True,
    )  # fmt: skip
    root_key, root = root_of_site()
    key = demo_ca.make_key(algorithm=keys.P256)
    certificate = demo_ca.issue(
        holder=AUTHORITY, key=key, root=root, root_key=root_key, at=NOON
    )
    (tmp_path / "key.pem").write_bytes(
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    )
    label = f"seal-{AUTHORITY.id}"
    subprocess.run(
        [*run, "--import", tmp_path / "key.pem", "--token", "site", "--label", label,
         "--id", "A1", "--pin", PIN],
        check=True, capture_output=True,
    )  # fmt: skip
    token = pkcs11.lib(SOFTHSM).get_token(token_label="site")
    with token.open(rw=True, user_pin=PIN) as session:
        session.create_object(
            {
                pkcs11.Attribute.CLASS: pkcs11.ObjectClass.CERTIFICATE,
                pkcs11.Attribute.CERTIFICATE_TYPE: pkcs11.CertificateType.X_509,
                pkcs11.Attribute.TOKEN: True,
                pkcs11.Attribute.LABEL: label,
                pkcs11.Attribute.SUBJECT: keys.to_asn1(certificate).subject.dump(),
                pkcs11.Attribute.VALUE: certificate.public_bytes(Encoding.DER),
            }
        )
    with override_settings(
        SIGNING_KEYS="pkcs11", PKCS11_MODULE=SOFTHSM, PKCS11_TOKEN="site", PKCS11_PIN=PIN,
        PKCS11_LABEL="seal-{id}",
    ):  # fmt: skip
        yield root
    device_keys.forget()


class TestDevice:
    def test_signs_with_a_key_that_never_leaves_it(
        self, device: x509.Certificate, tmp_path: Path
    ) -> None:
        signer = keys.identity_of(holder=AUTHORITY, at=NOON)
        content = signing.sign_pdf(
            content=document(), identity=signer, place=LEFT, at=NOON, further=[]
        )

        assert not signer.demo
        assert "Signature is Valid" in pdfsig(tmp_path, content)
        assert pyhanko(tmp_path, content, device)[0].startswith("INTACT:TRUSTED")
        report = checking.verify_pdf(content=content, at=NOON, roots=[device])
        assert report.sound
        assert report.signed_by(AUTHORITY.id)
        assert len(signer.sign(data=b"x")) == 64
        with pytest.raises(NoKeyOfHolder):
            keys.identity_of(holder=COMPANY, at=NOON)

    def test_that_was_pulled_out_is_told_and_opened_anew(self, device: x509.Certificate) -> None:
        signer = keys.identity_of(holder=AUTHORITY, at=NOON)
        for session in device_keys._opened.values():
            session.close()
        with pytest.raises(KeysNotConfigured, match="PKCS11_MODULE"):
            signer.sign(data=b"x")
        assert len(keys.identity_of(holder=AUTHORITY, at=NOON).sign(data=b"x")) == 64


@contextmanager
def time_service() -> Iterator[tuple[str, x509.Certificate]]:
    """A service on a socket that answers requests of RFC 3161; gives its address and its root."""
    root_key, root = root_of_site()
    key = demo_ca.make_key(algorithm=keys.RSA2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Time service of a test")])
    made = demo_ca._begin(name, root.subject, key, NOON, 3650)
    made = made.add_extension(
        x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True
    )
    certificate = made.sign(root_key, hashes.SHA256())
    stamper = DummyTimeStamper(
        keys.to_asn1(certificate),
        asn1_keys.PrivateKeyInfo.load(
            key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
        ),
        certs_to_embed=SimpleCertificateStore.from_certs([keys.to_asn1(root)]),
        fixed_dt=NOON,
    )

    class Service(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            answer = stamper.request_tsa_response(tsp.TimeStampReq.load(body)).dump()
            self.send_response(200)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *args: Any) -> None:
            """Keep the test quiet."""

    server = HTTPServer(("127.0.0.1", 0), Service)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/", root
    finally:
        server.shutdown()
        server.server_close()
        thread.join(timeout=10)


@pytest.mark.django_db
class TestTimestamps:
    def test_a_service_that_is_configured_stamps_the_signature(self, tmp_path: Path) -> None:
        signer = keys.identity_of(holder=AUTHORITY, at=NOON)
        with time_service() as (url, root), override_settings(TIMESTAMP_URL=url):
            content = signing.sign_pdf(
                content=document(), identity=signer, place=LEFT, at=NOON
            )

        assert "Signature is Valid" in pdfsig(tmp_path, content)
        roots = [*keys.trust_roots(), root]
        report = checking.verify_pdf(content=content, at=NOON, roots=roots)
        assert report.sound
        assert report.signatures[0].timestamped_at == NOON

    def test_a_service_that_does_not_answer_leaves_the_document_unsigned(self) -> None:
        signer = keys.identity_of(holder=AUTHORITY, at=NOON)
        with (
            override_settings(TIMESTAMP_URL="http://127.0.0.1:1/"),
            pytest.raises(TimestampUnavailable),
        ):
            signing.sign_pdf(content=document(), identity=signer, place=LEFT, at=NOON)
