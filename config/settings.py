"""
Settings of Datadeed, read from the environment once.

Every number here has a unit in its name; nothing else in the code base reads ``os.environ``.
"""

from __future__ import annotations

import os
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

from config import embedded, environment, logs, secret_key

ENVIRONMENT = environment.read()
BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = ENVIRONMENT.var_dir.absolute()

# True inside the test run only; never in a served process.
TESTING = ENVIRONMENT.testing
DEBUG = ENVIRONMENT.debug
# Demo logins and a banner; config.environment refuses it by accident on a real site.
DEMO = ENVIRONMENT.demo in {"1", "explicit"}
if DEMO:
    # A demo goes on from where its story ended; every process of it reads the same clock file.
    os.environ.setdefault("DATADEED_CLOCK_FILE", str(VAR_DIR / "clock.json"))
SECRET_KEY = ENVIRONMENT.secret_key or secret_key.read_or_create(path=VAR_DIR / "secret_key")
ALLOWED_HOSTS = [host.strip() for host in ENVIRONMENT.allowed_hosts.split(",") if host.strip()]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "guardian",
    "axes",
    "csp",
    "django_structlog",
    "core",
    "ledger",
    "workflow",
    "parties",
    "notify",
    "catalog",
    "applications",
    "contracts",
    "licensing",
    "gateway",
    "settlement",
    "oversight",
    "api",
    "portal",
    "demo",
    "config",
]
if TESTING:
    # A subject of the test suite, so that the engine is tested without a business noun.
    INSTALLED_APPS.append("tests.harbor")
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portal.context.chrome",
            ],
            "builtins": ["django.templatetags.i18n", "django.templatetags.static"],
        },
    }
]


# Milliseconds after which the server gives up for us: a stuck lock must not stop the world.
DATABASE_LOCK_MS_MAX = 10_000
DATABASE_IDLE_IN_TRANSACTION_MS_MAX = 120_000
DATABASE_CONNECTION_SECONDS_MAX = 60

# Without DATABASE_URL the product brings its own server; tests have one that may lose data.
EMBEDDED_CLUSTER = (
    None
    if ENVIRONMENT.database_url
    else embedded.Cluster(
        data_dir=VAR_DIR / ("postgres-test" if TESTING else "postgres"), fast=TESTING
    )
)


def _database(parts: dict[str, str]) -> dict[str, Any]:
    session = {
        # Pages ask many small questions: compiling a plan costs more than it ever saves.
        "jit": "off",
        "lock_timeout": DATABASE_LOCK_MS_MAX,
        "idle_in_transaction_session_timeout": DATABASE_IDLE_IN_TRANSACTION_MS_MAX,
    }
    return {
        **parts,
        "ENGINE": "config.postgresql",
        "CONN_MAX_AGE": DATABASE_CONNECTION_SECONDS_MAX,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            "options": " ".join(f"-c {name}={value}" for name, value in session.items()),
            # After so many uses the server keeps a statement of every step prepared.
            "prepare_threshold": 5 if ENVIRONMENT.database_prepare else None,
        },
        "TEST": {"NAME": ENVIRONMENT.test_database},
    }


def _logins() -> tuple[dict[str, str], dict[str, str]]:
    """Return how the application connects, and how migrations do, who own the tables."""
    if EMBEDDED_CLUSTER is not None:
        application = EMBEDDED_CLUSTER.describe(user=embedded.APP_ROLE)
        owner = EMBEDDED_CLUSTER.describe(user=embedded.OWNER_ROLE)
    else:
        application = environment.parse_database_url(url=ENVIRONMENT.database_url)
        owner_url = ENVIRONMENT.database_owner_url or ENVIRONMENT.database_url
        owner = environment.parse_database_url(url=owner_url)
    # A scratch database beside the real one, on the same server with the same roles.
    scratch = {"NAME": ENVIRONMENT.database_name} if ENVIRONMENT.database_name else {}
    return application | scratch, owner | scratch


_application, DATABASE_OWNER = _logins()
# Tests create and migrate their database, so they connect as its owner.
DATABASES = {"default": _database(DATABASE_OWNER if TESTING else _application)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "parties.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
# The engine asks guardian's tables itself (workflow/policy.py), not through a login backend.
SILENCED_SYSTEM_CHECKS = ["guardian.W001"]
GUARDIAN_MONKEY_PATCH_USER = False
ANONYMOUS_USER_NAME = None
LOGIN_URL = "portal:sign_in"
LOGIN_REDIRECT_URL = "portal:home"

LANGUAGE_CODE = "zh-hans"
# Language and look are chosen once and hold on this browser; they say nothing about a person.
CHOICE_COOKIE_AGE_SECONDS = 365 * 24 * 3600
LANGUAGE_COOKIE_AGE = CHOICE_COOKIE_AGE_SECONDS
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_SECURE = ENVIRONMENT.https
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = sorted(p for p in (BASE_DIR / "locale").glob("*") if p.is_dir())
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
# Of each package only what a page may load: the rest is sources, maps and fonts for PDF.
STATIC_PACKAGES = (
    "@tabler/core/dist/css",
    "@tabler/core/dist/js",
    "echarts/dist",
    "echarts/i18n",
    "htmx.org/dist",
)
STATICFILES_DIRS: list[Any] = [BASE_DIR / "static"] + [
    (f"vendor/{name}", folder)
    for name in STATIC_PACKAGES
    if (folder := BASE_DIR / "node_modules" / name).is_dir()
]
_COLLECTED = (STATIC_ROOT / "staticfiles.json").is_file() and not (DEBUG or TESTING)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "config.static_files.Storage"
        if _COLLECTED or "collectstatic" in sys.argv
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
# Not collected yet: serve from where the files are, so that no page is ever without style.
WHITENOISE_USE_FINDERS = not _COLLECTED
WHITENOISE_AUTOREFRESH = DEBUG
WHITENOISE_KEEP_ONLY_HASHED_FILES = False
DOCUMENT_FONTS_DIR = BASE_DIR / "node_modules" / "@expo-google-fonts"
DATA_DIR = VAR_DIR / "data"

# Rows a person sees on one page, and the most a query returns at once.
PAGE_ROWS_MAX = 50

OUTBOX_LEASE_SECONDS = 60
OUTBOX_ATTEMPTS_MAX = 12
OUTBOX_BATCH_ROWS = 50
OUTBOX_NUDGE = ENVIRONMENT.outbox_nudge

# Licenses are issued by workers: so many in one commit, and so long until a silent worker's are
# taken on by another.
LICENSE_ISSUE_BATCH_ROWS = 20
LICENSE_ISSUE_LEASE_SECONDS = 15

# Agreements one person signs in one go: each is checked, signed and drawn as paper by itself.
SIGN_AT_ONCE_MAX = 50

PORT = ENVIRONMENT.port
GATE_PORT = ENVIRONMENT.gate_port
PUBLIC_BASE_URL = ENVIRONMENT.public_base_url or f"http://127.0.0.1:{PORT}"
GATE_BASE_URL = ENVIRONMENT.gate_base_url or f"http://127.0.0.1:{GATE_PORT}"

# The app role may only read and add rows here; migrations and grants read these lists. A test
# holds the first one against the triggers that refuse change, so that no history is forgotten.
APPEND_ONLY_TABLES = [
    "applications_attachment",
    "applications_snapshot",
    "contracts_clausecomment",
    "contracts_textversion",
    "gateway_usageevent",
    "gateway_usagekey",
    "oversight_evidence",
    "oversight_oversightdocument",
    "oversight_score",
    "oversight_selfreport",
    "workflow_auditentry",
    "workflow_auditseal",
]
LEDGER_MUTABLE_TABLES = ["ledger_balance", "ledger_period"]

# Files of strangers are shown to this scanner first; core.scanner says how.
CLAMD_SOCKET = ENVIRONMENT.clamd_socket

# Signatures of documents; core.signatures says how.
SIGNING_KEYS = ENVIRONMENT.signing_keys
# Opens the keys in the database; it is kept beside the database, never in it.
SIGNING_KEY_SECRET = ENVIRONMENT.signing_key_secret or secret_key.read_or_create(
    path=VAR_DIR / "signing_key_secret"
)
# PEM certificates of roots to believe besides the own ones; empty for none.
SIGNATURE_TRUST_FILE = ENVIRONMENT.signature_trust_file
# An RFC 3161 service; empty for signatures without time stamp.
TIMESTAMP_URL = ENVIRONMENT.timestamp_url
PKCS11_MODULE, PKCS11_TOKEN = ENVIRONMENT.pkcs11_module, ENVIRONMENT.pkcs11_token
PKCS11_PIN, PKCS11_LABEL = ENVIRONMENT.pkcs11_pin, ENVIRONMENT.pkcs11_label

# Without a mail server every mail is a file that can be read: nothing is lost, nothing leaves.
EMAIL_BACKEND = (
    "django.core.mail.backends.smtp.EmailBackend"
    if ENVIRONMENT.email_host
    else "django.core.mail.backends.filebased.EmailBackend"
)
EMAIL_FILE_PATH = VAR_DIR / "mail"
EMAIL_HOST, EMAIL_PORT = ENVIRONMENT.email_host, ENVIRONMENT.email_port
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = ENVIRONMENT.email_user, ENVIRONMENT.email_password
EMAIL_USE_TLS = ENVIRONMENT.email_security == "starttls"
EMAIL_USE_SSL = ENVIRONMENT.email_security == "tls"
EMAIL_TIMEOUT = 20  # seconds
DEFAULT_FROM_EMAIL = SERVER_EMAIL = ENVIRONMENT.email_from

# The broker only wakes workers; the rows are the truth.
# See docs/decisions/0003-broker-and-scheduler.md.
BROKER_IS_DATABASE = not ENVIRONMENT.broker_url
CELERY_BROKER_URL = ENVIRONMENT.broker_url or environment.build_broker_url(database=_application)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {"pool_pre_ping": True} if BROKER_IS_DATABASE else {}
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_PUBLISH_RETRY = False
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_ENABLE_REMOTE_CONTROL = False
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "scheduler")

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
        "form-action": ["'self'"],
    }
}
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = ENVIRONMENT.https
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if ENVIRONMENT.https else 0
if ENVIRONMENT.https:
    # Behind a reverse proxy that sets this header itself and drops the client's.
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
CSRF_FAILURE_VIEW = "portal.problems.csrf_failure"
CSRF_TRUSTED_ORIGINS = [PUBLIC_BASE_URL] if ENVIRONMENT.https else []
# Scrypt needs memory, which special hardware has little of; it costs us less time than PBKDF2.
# Tests make users by the hundred and test no hash.
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
if TESTING:
    PASSWORD_HASHERS.insert(0, "django.contrib.auth.hashers.MD5PasswordHasher")
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
# Five wrong passwords for one account from one address close that pair for a quarter of an hour;
# an attacker elsewhere does not lock the owner out.
AXES_ENABLED = not TESTING
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_CALLABLE = "portal.problems.locked_out"
AXES_RESET_ON_SUCCESS = True
AXES_VERBOSE = False

LOGGING_CONFIG = "logging.config.dictConfig"
LOGGING = logs.build_config(
    form=ENVIRONMENT.log, level="WARNING" if TESTING else ENVIRONMENT.log_level
)
DJANGO_STRUCTLOG_COMMAND_LOGGING_ENABLED = False
