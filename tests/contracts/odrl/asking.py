"""Short ways to state a policy, a request and a world, and to ask what comes of them."""

from __future__ import annotations

import json
from typing import Any

from contracts.odrl import jsonld
from contracts.odrl.contexts import ODRL_CONTEXT
from contracts.odrl.evaluate import Evaluation, evaluate
from contracts.odrl.model import Policy
from contracts.odrl.reader import read_policy
from contracts.odrl.world import read_request, read_world

CONTEXT = [ODRL_CONTEXT, {"ex": "http://example.org/"}]
NOON = "2024-02-12T12:00:00Z"


def policy_of(**entries: Any) -> dict[str, Any]:
    """Return a policy; ``entries`` are its rules."""
    return {"@context": CONTEXT, "@type": "Set", "@id": "ex:policy", **entries}


def allowing(**entries: Any) -> dict[str, Any]:
    """Return a policy of one permission."""
    return policy_of(permission={"@id": "ex:rule", **entries})


def forbidding(**entries: Any) -> dict[str, Any]:
    """Return a policy of one prohibition."""
    return policy_of(prohibition={"@id": "ex:rule", **entries})


def asking(action: str = "read", who: str = "ex:alice", what: str = "ex:x", **facts: Any) -> Any:
    """Return a request of one rule; ``facts`` are left operands by their short names."""
    rule = {"@id": "ex:ask", "assignee": who, "action": action, "target": what, **facts}
    return {"@context": CONTEXT, "@type": "Request", "@id": "ex:request", "permission": [rule]}


def world_of(now: str | None = NOON, **entries: Any) -> dict[str, Any]:
    """Return a state of the world at a moment."""
    world: dict[str, Any] = {
        "@context": [*CONTEXT, {"sotw": "https://w3id.org/force/sotw#"}],
        "@type": "sotw:SotW",
        "@id": "ex:world",
        **entries,
    }
    return {**world, "dateTime": now} if now else world


def read(policy: Any) -> Policy:
    """Read a policy as a file of it is read."""
    return read_policy(jsonld.parse(json.dumps(policy), what="policy"))


def evaluation(policy: Any, request: Any = None, world: Any = None) -> Evaluation:
    """Evaluate plain documents as the command does."""
    request = request if request is not None else asking()
    world = world if world is not None else world_of()
    return evaluate(
        read(policy),
        read_request(jsonld.parse(json.dumps(request), what="request")),
        read_world(jsonld.parse(json.dumps(world), what="world")),
    )


def active(policy: Any, request: Any = None, world: Any = None) -> bool:
    """Return whether the one rule of a policy is active."""
    [finding] = evaluation(policy, request, world).findings
    return finding.active


def at(text: str) -> dict[str, str]:
    """Return a moment as policies state it."""
    return {"@value": text, "@type": "xsd:dateTime"}


def where(left: str, operator: str, right: Any, **more: Any) -> dict[str, Any]:
    """Return a constraint."""
    return {"leftOperand": left, "operator": operator, "rightOperand": right, **more}


def timed(operator: str, right: Any) -> dict[str, Any]:
    """Return a policy of one permission that is bound to a time."""
    return allowing(action="read", constraint=where("dateTime", operator, right))
