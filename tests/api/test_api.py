"""The interface for machines: closed by default, described, refusing in problem documents."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from api.urls import api
from parties.models import User
from parties.roles import Kind, Role
from tests.builders.applications import build_city, submitted
from tests.builders.datasets import published_dataset
from tests.builders.parties import organization, person

pytestmark = pytest.mark.django_db
# Open to machines that do not say who they are; a new one is a decision.
OPEN = {"list_datasets", "get_dataset", "verify_license"}


@pytest.fixture
def dataset() -> Any:
    organization(Kind.AUTHORITY, "无锡市数据局")
    organization(Kind.PLATFORM, "平台")
    office = organization(Kind.PROVIDER, "市市场监管局")
    return published_dataset(
        office, person(office, Role.PROVIDER_OFFICER), code="D01", title="企业登记与变更增量"
    )


@pytest.fixture
def agent() -> User:
    return person(organization(Kind.APPLICANT, "甲"), Role.APPLICANT_AGENT)


def operations() -> list[tuple[str, str, dict[str, Any]]]:
    """Return method, path and description of every operation."""
    return [
        (method, path, operation)
        for path, methods in api.get_openapi_schema()["paths"].items()
        for method, operation in methods.items()
    ]


class TestDescription:
    def test_is_openapi_3_1_and_names_every_operation(self, client: Client) -> None:
        document = client.get("/api/v1/openapi.json").json()

        assert document["openapi"].startswith("3.1")
        assert len(document["paths"]) >= 5

    def test_only_the_named_operations_are_open(self) -> None:
        opened = {op["operationId"] for _, _, op in operations() if "security" not in op}

        assert opened == OPEN

    def test_every_operation_declares_its_problems(self) -> None:
        for _, path, operation in operations():
            wanted = {"401"} if operation["operationId"] not in OPEN else set()
            assert wanted <= {str(code) for code in operation["responses"]}, path


class TestDefaultDeny:
    def test_a_stranger_gets_401_everywhere_but_at_the_open_operations(
        self, client: Client
    ) -> None:
        for method, path, operation in operations():
            if operation["operationId"] in OPEN:
                continue
            answer = getattr(client, method)(path)
            assert answer.status_code == 401, path
            assert answer["Content-Type"] == "application/problem+json"
            assert answer.json()["code"] == "not_signed_in"


class TestCatalog:
    def test_lists_and_reads_a_dataset(self, client: Client, dataset: Any) -> None:
        listed = client.get("/api/v1/datasets", {"q": "登记", "level": "L2"}).json()
        read = client.get("/api/v1/datasets/D01").json()

        assert [row["code"] for row in listed["rows"]] == ["D01"]
        assert listed["total"] == 1
        assert [field["name"] for field in read["fields"]][:2] == ["uscc", "name"]
        assert read["applicable"] is True

    @pytest.mark.parametrize(
        ("path", "status", "code"),
        [
            ("/api/v1/datasets/D99", 404, "not_found"),
            ("/api/v1/datasets?page=0", 422, "invalid_input"),
            ("/api/v1/datasets?level=%27", 422, "invalid_input"),
            ("/api/v1/datasets?q=%00", 422, "invalid_input"),
            ("/api/v1/datasets/%00", 422, "invalid_input"),
            ("/api/v1/licenses/WX-1/verification", 404, "not_found"),
        ],
    )
    def test_refuses_with_a_problem_document(
        self, client: Client, path: str, status: int, code: str
    ) -> None:
        answer = client.get(path)

        assert answer.status_code == status
        assert answer["Content-Type"] == "application/problem+json"
        assert (answer.json()["status"], answer.json()["code"]) == (status, code)

    def test_speaks_the_language_asked_for(self, client: Client) -> None:
        answers = [
            client.get("/api/v1/my/work", headers={"accept-language": language}).json()
            for language in ("zh-CN", "en")
        ]

        assert answers[0]["code"] == answers[1]["code"]
        assert answers[0]["detail"] != answers[1]["detail"]


class TestOwn:
    def test_shows_only_what_belongs_to_the_person(self, client: Client, agent: User) -> None:
        client.force_login(agent)

        assert client.get("/api/v1/my/work").json() == {"rows": []}
        for name in ("applications", "licenses", "statements"):
            assert client.get(f"/api/v1/my/{name}").json()["total"] == 0, name

    def test_lists_the_application_of_the_own_organization_to_its_agent_only(
        self, client: Client
    ) -> None:
        city = build_city()
        application = submitted(city)

        client.force_login(city.agent)
        own = client.get("/api/v1/my/applications").json()
        client.force_login(city.stranger)
        other = client.get("/api/v1/my/applications").json()
        client.force_login(city.case)
        work = client.get("/api/v1/my/work").json()

        assert [row["number"] for row in own["rows"]] == [application.number]
        assert other["total"] == 0
        assert str(application.pk) in [row["subject_id"] for row in work["rows"]]
