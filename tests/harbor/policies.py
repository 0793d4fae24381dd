from __future__ import annotations

from workflow import policy


def filed_it(actor, subject):
    """The person who filed a request does not assign its berth."""
    return "You filed this request." if subject.filed_by_id == actor.pk else None


policy.declare("harbor.assign_request", desks=[("port", "HARBOR_MASTER")], barriers=[filed_it])
policy.declare("harbor.release_request", desks=[("port", "HARBOR_MASTER")], system=True)
policy.declare("harbor.see_request", desks=[("port", "HARBOR_MASTER"), ("owner", "CAPTAIN")])
