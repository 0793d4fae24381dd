"""From an effective agreement to a key in the client's hands."""

from __future__ import annotations

from uuid import UUID

from demo.cast import Cast
from demo.stage import Stage
from licensing import actions


def obtain_key(
    stage: Stage,
    cast: Cast,
    *,
    agreement_id: UUID,
    agent: str,
    name: str,
    approved: str,
    issued: str,
) -> str:
    """Register a client program, have it reviewed, and take the key that is shown once."""
    client = stage.act(
        f"登记接入应用“{name}”，等待平台审核",
        actions.register_client,
        agreement_id=agreement_id,
        name=name,
        purpose="按协议场景调用数据接口。",
        ip_allow_list=["127.0.0.1"],
        actor=cast[agent],
    )
    stage.move_to(approved)
    stage.act(
        "平台运营方审核接入应用，通过",
        actions.approve_client,
        client_id=client.id,
        actor=cast["pt-yunying"],
    )
    credential = actions.request_credential(client_id=client.id, actor=cast[agent], at=stage.at)
    stage.move_to(issued)
    secret = stage.act(
        "平台运营方签发凭证，密钥只显示一次",
        actions.issue_credential,
        credential_id=credential.id,
        actor=cast["pt-yunying"],
    )
    return secret.key
