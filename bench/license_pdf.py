"""
license_pdf/…: license certificates a second and core, unsigned and signed.

Certificates of one authority for ever other holders, numbers and codes, as bulk issuing makes them.
A second is one of processor time of this process with all its threads, so a rate is per core and
other work on the machine does not count. ``bytes`` is the size of the file.

Unsigned certificates stand beside typst (its compiler kept) and fpdf2 making the same page: same
typefaces, words, table, seal and code. The modules of the code are handed to these two ready
made, which ours makes itself. That the three say the same is checked with pdftotext before
measuring. Signed ones (drawn and signed, PAdES B-B) stand beside the bare signature: SHA-256 of the
same file, signed with the same loaded key.
"""

from __future__ import annotations

import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from bench import Measurement, medians

PAGES_PER_RUN = 60
PAGES_PER_RUN_SLOW = 4
BYTES_MAX = 60 * 1024
AT = datetime(2026, 10, 20, 2, 0, tzinfo=UTC)
HOLDER = ("11320200MB0000001X", "无锡市大数据管理局")


def run() -> Iterator[Measurement]:
    """Draw, draw with the others, sign."""
    import django

    django.setup()
    yield from _signed()
    # typst last: a process that has used it must not fork.
    yield from _unsigned()


def _unsigned() -> Iterator[Measurement]:
    from bench._license_pages import FpdfPage, TypstPage, code_of, facts
    from licensing.documents import render_license

    numbers = count(1)
    engines = {"typst": (TypstPage().render, PAGES_PER_RUN)}
    engines["fpdf2"] = (FpdfPage().render, PAGES_PER_RUN_SLOW)
    sample = facts(next(numbers))
    ours = render_license(sample)
    others = {
        name: render(sample, code_of(sample.verification_url))
        for name, (render, _) in engines.items()
    }
    for name, other in others.items():
        _same_words(ours, other, name)

    def own() -> float:
        pages = [facts(next(numbers)) for _ in range(PAGES_PER_RUN)]
        return _rate([lambda one=one: render_license(one) for one in pages])

    def another(render: Callable[..., bytes], pages: int) -> float:
        drawn = [facts(next(numbers)) for _ in range(pages)]
        codes = [code_of(one.verification_url) for one in drawn]
        return _rate(
            [
                lambda one=one, code=code: render(one, code)
                for one, code in zip(drawn, codes, strict=True)
            ]
        )

    for name, (render, pages) in reversed(engines.items()):
        value, baseline = medians(
            measured=own,
            baseline=lambda render=render, pages=pages: another(render, pages),  # type: ignore[misc]
        )
        yield Measurement(
            bench=f"license_pdf/unsigned/{name}",
            value=value,
            unit="certificates/s/core",
            baseline=f"{name} making the same page",
            baseline_value=baseline,
            more={"bytes": len(ours), "baseline_bytes": len(others[name])},
        )


def _signed() -> Iterator[Measurement]:
    from bench._license_pages import facts
    from core.signatures.keys import P256, RSA2048
    from licensing.documents import render_license
    from licensing.sealing import seal

    numbers = count(1)
    for name, algorithm in (("p256", P256), ("rsa2048", RSA2048)):
        identity, raw = _identity(algorithm)

        def make(number: int, identity: Any = identity) -> bytes:
            one = facts(number)
            content = render_license(one)
            return seal(
                content=content, machine_number=one.machine_id, identity=identity, at=AT
            )

        sample = render_license(facts(next(numbers)))
        signed = make(next(numbers))
        assert len(signed) <= BYTES_MAX

        def own(make: Callable[[int], bytes] = make) -> float:
            return _rate([lambda n=next(numbers): make(n) for _ in range(PAGES_PER_RUN)])

        def bare(raw: Callable[[bytes], bytes] = raw, sample: bytes = sample) -> float:
            return _rate([lambda: raw(sample)] * (PAGES_PER_RUN * 10))

        value, baseline = medians(measured=own, baseline=bare)
        yield Measurement(
            bench=f"license_pdf/signed_{name}/raw_signature",
            value=value,
            unit="certificates/s/core",
            baseline="hash and signature of the same bytes with the same loaded key",
            baseline_value=baseline,
            more={"bytes": len(signed), "unsigned_bytes": len(sample)},
        )


def _identity(algorithm: str) -> tuple[Any, Callable[[bytes], bytes]]:
    """Return an identity of the demo CA without a database, and its bare signature."""
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

    from core.signatures import demo_ca
    from core.signatures.held import HeldKeySigner
    from core.signatures.keys import P256, Holder, Identity, to_asn1

    holder, early = Holder(id=HOLDER[0], name=HOLDER[1]), AT - timedelta(days=30)
    root_key, key = demo_ca.make_key(algorithm=P256), demo_ca.make_key(algorithm=algorithm)
    root = demo_ca.make_root(key=root_key, at=early)
    leaf = demo_ca.issue(holder=holder, key=key, root=root, root_key=root_key, at=early)
    signer = HeldKeySigner(key=key, certificate=to_asn1(leaf), chain=[to_asn1(root)])

    def raw(content: bytes) -> bytes:
        if isinstance(key, rsa.RSAPrivateKey):
            return key.sign(content, padding.PKCS1v15(), hashes.SHA256())
        return key.sign(content, ec.ECDSA(hashes.SHA256()))

    identity = Identity(holder=holder, certificate=leaf, chain=(root,), signer=signer, demo=True)
    return identity, raw


def _rate(works: list[Callable[[], Any]]) -> float:
    began = time.process_time()
    for work in works:
        work()
    return len(works) / (time.process_time() - began)


def _same_words(ours: bytes, other: bytes, name: str) -> None:
    # Cells of several lines are read in another order, so the characters are counted.
    said = [
        Counter(
            subprocess.run(
                ["pdftotext", "-", "-"], input=content, check=True, capture_output=True
            )
            .stdout.decode()
            .translate(dict.fromkeys(map(ord, " \n\f")))
        )
        for content in (ours, other)
    ]
    more, less = said[1] - said[0], said[0] - said[1]
    assert not more, f"{name} says more: {more}"
    assert not less, f"{name} says less: {less}"
