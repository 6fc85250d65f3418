"""The OpenAPI document says what the API does: every endpoint is tried with what it allows and what it forbids."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from programs import program, token_of
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from visiting import Browser

from chiploom.hub import application
from chiploom.hub.hub import Hub

EXAMPLES = int(os.environ.get("CHIPLOOM_API_EXAMPLES", "15"))
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]


def document(hub: Hub) -> dict[str, dict[str, dict[str, object]]]:
    found: dict[str, dict[str, dict[str, object]]] = program(hub, "").get("/api/v1/openapi.json").json()["paths"]
    return found


@pytest.mark.slow
@pytest.mark.parametrize("role", ["learner", "operator"])
def test_every_endpoint_does_what_the_document_says(
    role: str, hub: Hub, learner: Browser, operator: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub.limits, "_share", 0)
    scopes = ("read", "submit") if role == "learner" else ("read", "submit", "teach", "operate")
    token = token_of(learner if role == "learner" else operator, *scopes)
    schema = schemathesis.openapi.from_asgi("/api/v1/openapi.json", application.create(hub))
    tried = 0
    for found in schema.get_all_operations():
        operation = found.ok()
        # One who holds the token would be signed out, or lose the role, half-way.
        if role == "operator" and re.search(r"/people/\{number\}/", operation.path):
            continue

        @given(case=operation.as_strategy())
        @settings(max_examples=EXAMPLES, deadline=None, database=None, suppress_health_check=list(HealthCheck))
        def attempt(case: schemathesis.Case) -> None:
            case.call_and_validate(headers={"Authorization": f"Bearer {token}"}, checks=CHECKS)

        attempt()
        tried += 1
    assert tried > 15


def test_every_error_that_can_come_is_declared_in_the_one_shape(hub: Hub) -> None:
    for path, methods in document(hub).items():
        for method, described in methods.items():
            answers = described["responses"]
            assert isinstance(answers, dict)
            for status in ("401", "403", "404", "422", "429", "503"):
                shape = answers[status]["content"]["application/json"]["schema"]
                assert shape == {"$ref": "#/components/schemas/FailureAnswer"}, (path, method, status)


def test_every_endpoint_is_described_and_needs_a_token(hub: Hub) -> None:
    for path, methods in document(hub).items():
        assert path.startswith("/api/v1/")
        for method, described in methods.items():
            assert described.get("description"), (path, method)
            assert described.get("security") == [{"HTTPBearer": []}], (path, method)


def test_the_reference_page_tells_every_endpoint_with_its_scope(hub: Hub, operator: Browser) -> None:
    page = (Path(__file__).parents[3] / "docs" / "reference" / "hub-api.md").read_text(encoding="utf-8")
    told = {
        (found[1], found[2]): found[3] for found in re.finditer(r"^\| `(\w+) (/\S+)` \| `(\w+)` \|", page, re.MULTILINE)
    }
    known = {
        (method.upper(), path.removeprefix("/api/v1")) for path, methods in document(hub).items() for method in methods
    }
    assert set(told) == known
    tokens: dict[str, str] = {}
    for (method, path), scope in told.items():
        others = [other for other in ("read", "submit", "teach", "operate") if other != scope]
        if scope not in tokens:
            tokens[scope] = token_of(operator, *others)
        address = re.sub(r"\{\w+\}", "1", path)
        answer = program(hub, tokens[scope]).request(method, f"/api/v1{address}", json={})
        assert answer.json()["error"]["code"] == "missing-scope", (method, path, scope)
