"""What waits for people in licensing: clients to review, keys to issue."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from licensing.models import ClientApplication, Credential
from workflow import inbox


def _client(subject: models.Model) -> tuple[str, str]:
    assert isinstance(subject, ClientApplication)
    return subject.agreement.number, f"{subject.organization.name} · {subject.name}"


def _credential(subject: models.Model) -> tuple[str, str]:
    assert isinstance(subject, Credential)
    client = subject.client_application
    return subject.agreement.number, f"{client.organization.name} · {client.name}"


inbox.register(
    "licensing.review_client",
    title=_("Review a client application"),
    model=ClientApplication,
    transitions=("approve",),
    route="portal:client",
    describe=_client,
    related=("agreement", "organization"),
)
inbox.register(
    "licensing.issue_credential",
    title=_("Issue a credential"),
    model=Credential,
    transitions=("issue",),
    route="portal:credential",
    describe=_credential,
    related=("agreement", "client_application__organization"),
)
