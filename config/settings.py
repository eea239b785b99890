"""Every setting, read from the environment, with defaults that run.

Importing this file starts nothing. `.env.example` lists what can be set.
"""

import os
import secrets
import sys
from email.utils import parseaddr
from pathlib import Path
from urllib.parse import urlsplit

import dj_database_url
import django_stubs_ext
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from config import database

django_stubs_ext.monkeypatch()  # lets the generic classes of Django be written with their types

BASE_DIR = Path(__file__).resolve().parent.parent


def text(name: str, default: str = "") -> str:
    """The setting `name`; `NAME_FILE` names a file that holds it (container secrets)."""
    if path := os.environ.get(f"{name}_FILE"):
        return Path(path).read_text(encoding="utf-8").strip()
    return os.environ.get(name, default)


def number(name: str, default: int) -> int:
    value = text(name, str(default))
    try:
        return int(value)
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} must be a whole number, not {value!r}.") from error


def flag(name: str, default: bool) -> bool:
    value = text(name, "yes" if default else "no").lower()
    if value in {"1", "yes", "true", "on"}:
        return True
    if value in {"0", "no", "false", "off", ""}:
        return False
    raise ImproperlyConfigured(f"{name} must be yes or no, not {value!r}.")


def words(name: str, default: str = "") -> list[str]:
    return [part.strip() for part in text(name, default).split(",") if part.strip()]


def kept_secret(path: Path) -> str:
    """The key in `path`; made once, readable by its owner only."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii")
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(key := secrets.token_urlsafe(64))
    return key


DATA_DIR = database.data_dir()
DEBUG = flag("DEBUG", False)
SECRET_KEY = text("SECRET_KEY") or kept_secret(DATA_DIR / "secret-key")
SECRET_KEY_FALLBACKS = words("SECRET_KEY_FALLBACKS")
HOST = text("HOST", "127.0.0.1")
PORT = number("PORT", 8000)
BASE_URL = text("BASE_URL", f"http://localhost:{PORT}").rstrip("/")
ALLOWED_HOSTS = words("ALLOWED_HOSTS", f"localhost,127.0.0.1,[::1],{HOST},{urlsplit(BASE_URL).hostname}")
CSRF_TRUSTED_ORIGINS = [BASE_URL]
TRUSTED_PROXIES = ALLAUTH_TRUSTED_PROXY_COUNT = number("TRUSTED_PROXIES", 0)

# The order of the stack: an app may import and point at what stands below it, never above.
INSTALLED_APPS = [
    "api",
    "frontend",
    "questions",
    "brokers",
    "evidence",
    "rest_framework",
    "drf_spectacular",
    "django_htmx",
    "csp",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
]

MIDDLEWARE = [
    "config.unread.ReadToTheEnd",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "frontend.private.NotStored",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "frontend.again.SentAgain",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
APPEND_SLASH = False

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "frontend" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "frontend.pages.site",
            ]
        },
    }
]

# --- Database: the embedded server unless DATABASE_URL names another one -------------------
DATABASES = {
    "default": {
        **(dj_database_url.parse(text("DATABASE_URL")) if text("DATABASE_URL") else database.embedded(DATA_DIR)),
        "CONN_MAX_AGE": number("CONN_MAX_AGE", 300),
        "CONN_HEALTH_CHECKS": True,
    }
}
# Only what prepares itself explicitly (evidence/statements.py): Django's own statements never do.
DATABASES["default"].setdefault("OPTIONS", {}).setdefault("prepare_threshold", 5)
if "migrate" not in sys.argv:  # a migration takes as long as it takes; nothing else may
    DATABASES["default"]["OPTIONS"].setdefault(
        "options", "-c lock_timeout=15s -c statement_timeout=60s -c idle_in_transaction_session_timeout=120s"
    )
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"},
    # Public pages (evidence/kept.py) in a table apart: however many there are, they push nothing else out.
    "pages": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache_pages",
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    },
}

# --- People ---------------------------------------------------------------------------------
AUTH_USER_MODEL = "brokers.User"
AUTHENTICATION_BACKENDS = ["brokers.backends.ByRole"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "desk"
LOGOUT_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "frontend.accounts.StaffOnly"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # strangers get no mail, whatever address is typed
ACCOUNT_EMAIL_SUBJECT_PREFIX = "[Rotonde] "  # allauth's own is the host that the request names
ACCOUNT_RATE_LIMITS = {"reset_password": "20/h/ip,3/h/key"}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]

SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = BASE_URL.startswith("https://")
SECURE_HSTS_SECONDS = 31_536_000 if SESSION_COOKIE_SECURE else 0
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "manifest-src": [SELF],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

# --- Language ---------------------------------------------------------------------------------
LANGUAGE_CODE = "nl"
LANGUAGES = [("nl", _("Dutch")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "frontend" / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = text("TIME_ZONE", "Europe/Amsterdam")

STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.AppDirectoriesFinder", "frontend.theming.ThemeFinder"]
THEME = text("THEME")  # a file of design tokens that is laid over our own (docs/theming.md)
# Names with a fingerprint need the manifest that `collectstatic` writes; before it, plain names do.
FINGERPRINTED = "collectstatic" in sys.argv or ((STATIC_ROOT / "staticfiles.json").exists() and not DEBUG)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if FINGERPRINTED
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}

# --- Mail: files under DATA_DIR/mail until EMAIL_HOST names a server ------------------------------
EMAIL_HOST = text("EMAIL_HOST")
EMAIL_PORT = number("EMAIL_PORT", 587)
EMAIL_HOST_USER = text("EMAIL_HOST_USER")
EMAIL_HOST_PASSWORD = text("EMAIL_HOST_PASSWORD")
EMAIL_USE_TLS = flag("EMAIL_USE_TLS", bool(EMAIL_HOST))
EMAIL_TIMEOUT = 10
MAIL_DIR = DATA_DIR / "mail"
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend" if EMAIL_HOST else "questions.mailbox.Files"
DEFAULT_FROM_EMAIL = text("DEFAULT_FROM_EMAIL", "Rotonde <desk@rotonde.example>")
MAIL_DOMAIN = parseaddr(DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]
# Replies: where they come in, and the address to which each letter adds its own token (desk+token@…).
REPLY_MAILBOX = text("REPLY_MAILBOX")
REPLY_ADDRESS = text("REPLY_ADDRESS", parseaddr(DEFAULT_FROM_EMAIL)[1] if REPLY_MAILBOX else "")

# --- Work: rows are the queue, Celery is the doorbell ------------------------------------------
CELERY_BROKER_URL = text("CELERY_BROKER_URL", "filesystem://localhost")
CELERY_BELL_DIR = DATA_DIR / "bells"

# --- Finding --------------------------------------------------------------------------------
EMBEDDING_MODEL = text("EMBEDDING_MODEL")
VECTOR_INDEX_THRESHOLD = number("VECTOR_INDEX_THRESHOLD", 5_000)
VECTOR_INDEX_MEMORY = number("VECTOR_INDEX_MEMORY", 0)
VECTOR_INDEX_HELPERS = number("VECTOR_INDEX_HELPERS", -1)

# --- Which reviews an answer needs, by track -------------------------------------------------------
REVIEWS = {
    "signpost": words("REVIEWS_SIGNPOST", "content"),
    "short": words("REVIEWS_SHORT", "content, language"),
    "full": words("REVIEWS_FULL", "content, practice, language"),
}
INVITED_DAYS = number("INVITED_DAYS", 14)
INVITED_KEPT_DAYS = number("INVITED_KEPT_DAYS", 90)

# --- The desk's own limits ---------------------------------------------------------------------
QUESTIONS_PER_ADDRESS_A_DAY = number("QUESTIONS_PER_ADDRESS_A_DAY", 5)
QUESTIONS_PER_NETWORK_AN_HOUR = number("QUESTIONS_PER_NETWORK_AN_HOUR", 30)
REPLIES_AN_HOUR = number("REPLIES_AN_HOUR", 20)
LEASE_DAYS = number("LEASE_DAYS", 10)
LEASE_WARNING_DAYS = number("LEASE_WARNING_DAYS", 2)
SPAM_KEPT_DAYS = number("SPAM_KEPT_DAYS", 30)
FOLLOWS_PER_ADDRESS_A_DAY = number("FOLLOWS_PER_ADDRESS_A_DAY", 20)
FOLLOWS_PER_NETWORK_AN_HOUR = number("FOLLOWS_PER_NETWORK_AN_HOUR", 60)

# --- The desk's clock, in working days (docs/operations.md) -----------------------------------------
TRIAGE_DAYS = number("TRIAGE_DAYS", 3)
TRACK_DAYS = {
    "signpost": number("TRACK_DAYS_SIGNPOST", 5),
    "short": number("TRACK_DAYS_SHORT", 20),
    "full": number("TRACK_DAYS_FULL", 60),
}
NEARLY_DUE_DAYS = number("NEARLY_DUE_DAYS", 3)
ESCALATE_DAYS = number("ESCALATE_DAYS", 2)
REMIND_DAYS = number("REMIND_DAYS", 10)
CLOSE_DAYS = number("CLOSE_DAYS", 10)
SCHOOL_HOLIDAYS = text("SCHOOL_HOLIDAYS")  # a file with school holidays besides our own

# --- Who answers for this desk: shown on the pages about privacy and accessibility -----------------
OPERATOR_NAME = text("OPERATOR_NAME")
OPERATOR_ADDRESS = text("OPERATOR_ADDRESS")
OPERATOR_MEETING = text("OPERATOR_MEETING")
PRIVACY_CONTACT = text("PRIVACY_CONTACT")
PRIVACY_GROUND = text("PRIVACY_GROUND")
PRIVACY_KEPT = text("PRIVACY_KEPT")
PRIVACY_HELPERS = text("PRIVACY_HELPERS")
PRIVACY_COMPLAINTS = text("PRIVACY_COMPLAINTS")
PRIVACY_DATE = text("PRIVACY_DATE")
ACCESSIBILITY_STATUS = text("ACCESSIBILITY_STATUS")
ACCESSIBILITY_KNOWN = text("ACCESSIBILITY_KNOWN")
ACCESSIBILITY_TESTED = text("ACCESSIBILITY_TESTED")
ACCESSIBILITY_CONTACT = text("ACCESSIBILITY_CONTACT")
ACCESSIBILITY_COMPLAINTS = text("ACCESSIBILITY_COMPLAINTS")
ACCESSIBILITY_DATE = text("ACCESSIBILITY_DATE")
SECURITY_CONTACT = text("SECURITY_CONTACT")

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "api.authentication.Bearer",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.AllowAny"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["api.parsers.StrictJSON"],
    "DEFAULT_SCHEMA_CLASS": "api.schema.AutoSchema",
    "EXCEPTION_HANDLER": "api.errors.handler",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Rotonde",
    "DESCRIPTION": "The question desk: questions, answers, sources and finding them.",
    "VERSION": "1.0.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "CONTACT": {"name": "Rotonde", "url": "https://rotonde.example"},
    "LICENSE": {"name": "EUPL-1.2"},
    "COMPONENT_SPLIT_REQUEST": True,
    # Two choices that are both called "kind".
    "ENUM_NAME_OVERRIDES": {
        "ReviewKind": "questions.states.ReviewKind.values",
        "TextKind": "questions.states.TextKind.values",
    },
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"()": "config.discretion.Discreet", "format": "{asctime} {levelname} {name}: {message}", "style": "{"}
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": text("LOG_LEVEL", "WARNING")},
    # The development server writes every address it serves; through the same formatter.
    "loggers": {"django.server": {"handlers": ["console"], "level": "INFO", "propagate": False}},
}
