"""The digest: one mail a person and day; and a mail server that refuses."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import override_settings

from notify import actions, queries, topics
from notify import mail as mailing
from notify.models import Digest, Message
from parties.models import User
from parties.roles import Kind, Role
from tests.builders.parties import organization, person

# Ten o'clock in the morning in Wuxi.
AT = datetime(2026, 9, 14, 2, 0, tzinfo=UTC)
NEXT = AT + timedelta(days=1)
SMTP = "django.core.mail.backends.smtp.EmailBackend"
pytestmark = pytest.mark.django_db


@pytest.fixture
def legal_rep() -> User:
    return person(organization(Kind.APPLICANT, "示例公司"), Role.APPLICANT_LEGAL_REP)


def tell(who: User, key: str, *, at: datetime = AT) -> None:
    progress = topics.find("progress")
    assert progress is not None
    actions.tell(
        people=[who], subject=f"进展{key}", key=key, topic=progress, link="/home/", at=at
    )


class Server(socketserver.ThreadingTCPServer):
    """A small mail server on a port of its own that can be told to refuse."""

    allow_reuse_address = daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Talk)
        self.refusing, self.taken, self.tried = False, [], 0


class Talk(socketserver.StreamRequestHandler):
    """One conversation by RFC 5321, as far as the client needs it."""

    server: Server

    def handle(self) -> None:
        self.say("220 ready")
        for line in self.rfile:
            verb = line[:4].upper()
            if verb == b"DATA":
                self.say("354 go on")
                lines = iter(self.rfile.readline, b".\r\n")
                self.server.taken.append(b"".join(lines).decode())
            if verb == b"RCPT":
                self.server.tried += 1
                if self.server.refusing:
                    self.say("451 try again later")
                    continue
            self.say("221 bye" if verb == b"QUIT" else "250 ok")

    def say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())


@pytest.fixture
def server() -> Iterator[Server]:
    """Return a running mail server to which the product is connected."""
    with Server() as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        port = running.server_address[1]
        with override_settings(
            EMAIL_BACKEND=SMTP, EMAIL_HOST="127.0.0.1", EMAIL_PORT=port, EMAIL_HOST_USER="",
            EMAIL_USE_TLS=False, EMAIL_USE_SSL=False,
        ):  # fmt: skip
            yield running
        running.shutdown()


class TestDigest:
    def test_is_one_mail_a_day_with_every_message_and_a_stable_id(self, legal_rep: User) -> None:
        for key in ("甲", "乙", "丙"):
            tell(legal_rep, key)
        assert mailing.gather_digests(at=AT) == 0, "told after the hour of the digest"

        bound = [mailing.gather_digests(at=NEXT) for _ in range(2)]
        sent = [mailing.send_due(at=NEXT) for _ in range(2)]

        assert (bound, sent) == ([1, 0], [1, 0])
        [letter] = mail.outbox
        digest = Digest.objects.get()
        assert letter.to == [legal_rep.email]
        assert letter.subject == "2026年9月15日消息摘要：共3条"
        assert [letter.body.count(f"进展{key}") for key in "甲乙丙"] == [1, 1, 1]
        assert letter.extra_headers["Message-ID"] == f"<digest-{digest.pk}@datadeed>"
        assert {r.delivery for r in queries.inbox(actor=legal_rep).rows} == {"digest_mailed"}

    def test_waits_for_its_hour_and_makes_up_days_on_which_nothing_ran(
        self, legal_rep: User
    ) -> None:
        tell(legal_rep, "甲")
        tell(legal_rep, "乙", at=NEXT)
        early = datetime(2026, 9, 15, 23, 59, tzinfo=UTC)
        assert mailing.gather_digests(at=early) == 0

        assert mailing.gather_digests(at=early + timedelta(minutes=1)) == 1

        assert Message.objects.filter(digest__day="2026-09-16").count() == 2

    def test_is_not_made_for_nobody_and_not_of_what_went_by_itself(self) -> None:
        agent = person(organization(Kind.APPLICANT, "示例公司"), Role.APPLICANT_AGENT)
        tell(agent, "甲")
        assert mailing.gather_digests(at=NEXT) == 0
        assert mailing.send_due(at=NEXT) == 1
        assert not Digest.objects.exists()

    def test_refused_by_the_server_is_tried_again_and_arrives_once(
        self, legal_rep: User, server: Server
    ) -> None:
        tell(legal_rep, "甲")
        mailing.gather_digests(at=NEXT)
        server.refusing = True
        assert mailing.send_due(at=NEXT) == 0
        assert queries.inbox(actor=legal_rep).rows[0].delivery == "refused"
        assert mailing.gather_digests(at=NEXT + timedelta(minutes=1)) == 0

        server.refusing = False
        later = NEXT + timedelta(minutes=5)
        assert [mailing.send_due(at=later) for _ in range(2)] == [1, 0]

        [letter] = server.taken
        assert f"Message-ID: <digest-{Digest.objects.get().pk}@datadeed>" in letter
        assert (server.tried, Digest.objects.get().mail_attempts) == (2, 2)


@pytest.mark.django_db(transaction=True)
def test_two_workers_binding_at_once_make_one_digest_and_send_it_once(
    together: Callable[..., list[Any]],
) -> None:
    reader = person(organization(Kind.APPLICANT, "示例公司"), Role.APPLICANT_LEGAL_REP)
    for key in ("甲", "乙"):
        tell(reader, key)

    bound = together(*[lambda: mailing.gather_digests(at=NEXT)] * 2)
    sent = together(*[lambda: mailing.send_due(at=NEXT)] * 2)

    assert sorted(bound) == [0, 1]
    assert sorted(sent) == [0, 1]
    assert len(mail.outbox) == 1
    assert Message.objects.filter(digest=Digest.objects.get()).count() == 2


class TestServer:
    def test_that_refuses_a_message_is_asked_again_until_it_takes_it_once(
        self, server: Server
    ) -> None:
        agent = person(organization(Kind.APPLICANT, "示例公司"), Role.APPLICANT_AGENT)
        tell(agent, "甲")
        server.refusing = True
        at = AT
        for _ in range(3):
            assert mailing.send_due(at=at) == 0
            at += timedelta(hours=1)
        assert not server.taken

        server.refusing = False
        assert [mailing.send_due(at=at) for _ in range(2)] == [1, 0]

        assert len(server.taken) == 1
        assert f"<message-{Message.objects.get().pk}@datadeed>" in server.taken[0]
        assert server.tried == 4

    def test_what_cannot_stand_in_the_head_of_a_mail_holds_up_nobody_else(
        self, server: Server
    ) -> None:
        company = organization(Kind.APPLICANT, "示例公司")
        odd, plain = (person(company, Role.APPLICANT_AGENT) for _ in range(2))
        odd.email = "a@example.com\nBcc: b@example.com"
        odd.save()
        for who in (odd, plain):
            tell(who, "甲")

        assert mailing.send_due(at=AT) == 1

        assert len(server.taken) == 1
        assert Message.objects.get(recipient=odd).mail_attempts == 1
