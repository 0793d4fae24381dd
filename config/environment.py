"""
What the surroundings may say, typed and checked once.

Every variable has a default with which the product runs on one machine; a value that does not
fit is refused at start with the name of the variable.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal
from urllib.parse import parse_qs, quote, unquote, urlsplit

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

BASE_DIR = Path(__file__).resolve().parent.parent


class UnusableEnvironment(Exception):
    """A variable of the environment that the product cannot start with."""


class Environment(BaseSettings):
    """The variables Datadeed reads; names are the ones in the README."""

    model_config = SettingsConfigDict(extra="ignore", frozen=True)

    var_dir: Path = Field(BASE_DIR / "var", validation_alias="DATADEED_VAR_DIR")
    debug: bool = Field(False, validation_alias="DEBUG")
    demo: Literal["", "0", "1", "explicit"] = Field("0", validation_alias="DATADEED_DEMO")
    testing: bool = Field(False, validation_alias="DATADEED_TESTING")
    secret_key: str = Field("", validation_alias="SECRET_KEY")
    allowed_hosts: str = Field("127.0.0.1,localhost,testserver", validation_alias="ALLOWED_HOSTS")
    https: bool = Field(False, validation_alias="DATADEED_HTTPS")
    database_url: str = Field("", validation_alias="DATABASE_URL")
    # Off behind a pooler that lends a connection for one transaction only.
    database_prepare: bool = Field(True, validation_alias="DATABASE_PREPARE")
    database_owner_url: str = Field("", validation_alias="DATABASE_OWNER_URL")
    database_name: str = Field("", validation_alias="DATADEED_DATABASE")
    test_database: str = Field("test_datadeed", validation_alias="DATADEED_TEST_DB")
    broker_url: str = Field("", validation_alias="CELERY_BROKER_URL")
    port: int = Field(8000, ge=1, le=65535, validation_alias="PORT")
    gate_port: int = Field(8001, ge=1, le=65535, validation_alias="GATE_PORT")
    public_base_url: str = Field("", validation_alias="PUBLIC_BASE_URL")
    gate_base_url: str = Field("", validation_alias="GATE_BASE_URL")
    email_host: str = Field("", validation_alias="EMAIL_HOST")
    email_port: int = Field(587, ge=1, le=65535, validation_alias="EMAIL_PORT")
    email_user: str = Field("", validation_alias="EMAIL_USER")
    email_password: str = Field("", validation_alias="EMAIL_PASSWORD")
    email_security: Literal["starttls", "tls", "none"] = Field(
        "starttls", validation_alias="EMAIL_SECURITY"
    )
    email_from: str = Field("datadeed@localhost", validation_alias="EMAIL_FROM")
    # The virus scanner clamd: the path of its socket, or host:port; empty for none.
    clamd_socket: str = Field("", validation_alias="CLAMD_SOCKET")
    # Where keys for signing are: "software" in the database with a demo CA, "pkcs11" in a device.
    signing_keys: Literal["software", "pkcs11"] = Field(
        "software", validation_alias="DATADEED_SIGNING_KEYS"
    )
    signing_key_secret: str = Field("", validation_alias="DATADEED_SIGNING_KEY_SECRET")
    signature_trust_file: str = Field("", validation_alias="DATADEED_SIGNATURE_TRUST_FILE")
    timestamp_url: str = Field("", validation_alias="DATADEED_TIMESTAMP_URL")
    pkcs11_module: str = Field("", validation_alias="PKCS11_MODULE")
    pkcs11_token: str = Field("", validation_alias="PKCS11_TOKEN")
    pkcs11_pin: str = Field("", validation_alias="PKCS11_PIN")
    pkcs11_label: str = Field("{id}", validation_alias="PKCS11_LABEL")
    outbox_nudge: bool = Field(True, validation_alias="DATADEED_OUTBOX_NUDGE")
    log: Literal["json", "plain"] = Field("json", validation_alias="DATADEED_LOG")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        "INFO", validation_alias="DATADEED_LOG_LEVEL"
    )


def read() -> Environment:
    """
    Return the environment, checked.

    :raises UnusableEnvironment: a variable does not fit; the message names it.
    """
    try:
        found = Environment()  # type: ignore[call-arg]  # pydantic-settings reads the variables
    except ValidationError as error:
        wrong = "; ".join(f"{e['loc'][0]}: {e['msg']}" for e in error.errors())
        raise UnusableEnvironment(f"Correct these environment variables: {wrong}") from error
    if found.email_password and found.email_security == "none":
        raise UnusableEnvironment(
            "EMAIL_PASSWORD would cross the network in the clear. Set EMAIL_SECURITY to starttls "
            "or tls, or remove the password."
        )
    if found.demo == "1" and not found.debug:
        raise UnusableEnvironment(
            "DATADEED_DEMO=1 shows demo logins to everybody and is refused while DEBUG is off. "
            "Set DATADEED_DEMO=explicit if this is really meant, or DATADEED_DEMO=0."
        )
    return found


def parse_database_url(*, url: str) -> dict[str, str]:
    """
    Return the parts of a PostgreSQL address as Django names them.

    A socket folder is given as ``?host=/path``, as libpq does.

    :raises UnusableEnvironment: another scheme, or no database name.
    """
    parts = urlsplit(url)
    if parts.scheme not in {"postgresql", "postgres"} or not parts.path.lstrip("/"):
        raise UnusableEnvironment(
            "DATABASE_URL must read postgresql://user:password@host:port/database"
        )
    query = parse_qs(parts.query)
    return {
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.get("host", [unquote(parts.hostname or "")])[0],
        "PORT": str(parts.port or query.get("port", [""])[0]),
    }


def build_broker_url(*, database: dict[str, str]) -> str:
    """
    Return the Celery broker address for the tables in schema ``broker`` of our own database.

    A schema of its own keeps the transport's tables, which it creates itself, away from ours.
    """
    login = quote(database["USER"], safe="")
    if database["PASSWORD"]:
        login += ":" + quote(database["PASSWORD"], safe="")
    facts = {"host": database["HOST"] or "localhost", "options": "-csearch_path=broker"}
    if database["PORT"]:
        facts["port"] = database["PORT"]
    query = "&".join(f"{key}={quote(value, safe='')}" for key, value in facts.items())
    return f"sqla+postgresql+psycopg://{login}@/{quote(database['NAME'])}?{query}"
