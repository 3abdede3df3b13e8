"""All settings, read from the environment once; what is wrong there stops the start with a clear message.

Every variable and its default stands in README.md's configuration table. Unset DATABASE_URL and BROKER_URL mean the
servers that `make up` embeds under var/.
"""

import tomllib
from pathlib import Path

import environ
from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from judge.accounts import providers

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / "var"

VERSION = str(tomllib.loads((BASE_DIR / "pyproject.toml").read_text())["project"]["version"])

env = environ.Env()

# --- who and where --------------------------------------------------------------------------------------------------
DEBUG = env.bool("DEBUG", default=False)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
HTTPS = env.bool("HTTPS", default=False)


def _secret_key() -> str:
    """SECRET_KEY, else the one that `make up` wrote."""
    if key := env.str("SECRET_KEY", default=""):
        return str(key)
    kept = VAR_DIR / "secret_key"
    if kept.exists():
        return kept.read_text().strip()
    raise ImproperlyConfigured("Set SECRET_KEY, or run `make up`, which writes one to var/secret_key.")


SECRET_KEY = _secret_key()

INSTALLED_APPS = [
    "judge.accounts",
    "problems",
    "judge.submissions",
    "judge.community",
    "judge.api",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.usersessions",
    "csp",
    "django_filters",
    "django_htmx",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "judge.urls"
WSGI_APPLICATION = "judge.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "judge.interface.frame",
            ],
            "libraries": {"pieces": "judge.pieces"},
        },
    }
]

# --- data -----------------------------------------------------------------------------------------------------------
DATABASES = {"default": env.db("DATABASE_URL", default=f"postgresql://judge@/judge?host={VAR_DIR / 'run'}")}
DATABASES["default"].update({"CONN_MAX_AGE": 0, "CONN_HEALTH_CHECKS": False})
DATABASES["default"].setdefault("OPTIONS", {}).update(
    {
        "pool": {"min_size": 2, "max_size": 12, "timeout": 5},
        # What `judge.prepared` asks is planned at its second time, once for all parameters. Left to itself, Postgres
        # would plan some of it at every request: it takes any first rows for a tenth of the table.
        "prepare_threshold": 1,
        "options": "-c plan_cache_mode=force_generic_plan",
    }
)

# Where data sets from hubs lie, which are not downloaded again, and files that curators may import from the site.
DATASETS_DIR = Path(env.str("DATASETS_DIR", default=str(VAR_DIR / "datasets")))

BROKER_URL = env.str("BROKER_URL", default=f"redis+socket://{VAR_DIR / 'run' / 'broker.sock'}")
CACHE_URL = env.str("CACHE_URL", default="")
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": CACHE_URL or BROKER_URL.replace("redis+socket://", "unix://"),
    }
}
if not CACHES["default"]["LOCATION"].startswith(("redis", "unix", "valkey")):
    # A broker of another kind (RabbitMQ) cannot hold the cache.
    CACHES["default"] = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
# How many problems there are of each kind, and which kinds, may be known so much too late.
COUNTS_MAX_AGE_SECONDS = 1

# --- the queue ------------------------------------------------------------------------------------------------------
# Postgres holds the truth of every submission; messages carry ids only and may be lost or repeated at will.
CELERY_BROKER_URL = BROKER_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# A submit waits this long for a broker that does not answer; the sweep makes good what was not sent.
CELERY_BROKER_CONNECTION_TIMEOUT = 1
CELERY_BROKER_TRANSPORT_OPTIONS = (
    {
        "visibility_timeout": 3600,
        "unacked_restore_interval": 2,
        "unacked_restore_throttle": 1,
        # Longer than a worker's blocking read.
        "socket_timeout": 3,
        "interval_start": 0.2,
        "interval_step": 0.2,
    }
    if BROKER_URL.startswith("redis")
    else {}
)
CELERY_TASK_DEFAULT_QUEUE = "interactive"
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "run" / "beat")

# --- judging --------------------------------------------------------------------------------------------------------
SANDBOX_IMAGE = env.str("SANDBOX_IMAGE", default="kodjudge-sandbox")
SANDBOX_RUNTIME = env.str("SANDBOX_RUNTIME", default="")
SANDBOX_REUSE = env.str("SANDBOX_REUSE", default="owner")
if SANDBOX_REUSE not in {"owner", "never"}:
    raise ImproperlyConfigured(f"SANDBOX_REUSE is {SANDBOX_REUSE!r}; it may be 'owner' or 'never'.")
SANDBOX_POOL_SIZE = env.int("SANDBOX_POOL_SIZE", default=2)
LEASE_SECONDS = env.int("LEASE_SECONDS", default=60)
MAX_ATTEMPTS = 3
MAX_SOURCE_BYTES = 256 * 1024
MAX_IN_FLIGHT_PER_USER = 3
MAX_SUBMISSIONS_PER_MINUTE = 20
MAX_STORED_OUTPUT_BYTES = 4 * 1024
# Programs that are only tried out, on samples and inputs of one's own.
MAX_RUNS_IN_FLIGHT_PER_USER = 2
MAX_RUNS_PER_MINUTE = 20
MAX_RUN_INPUTS = 5
MAX_RUN_INPUT_BYTES = 64 * 1024

# --- the API --------------------------------------------------------------------------------------------------------
API_REQUESTS_PER_MINUTE = 120
API_REQUESTS_PER_MINUTE_OF_USER = 240
MAX_VERIFYING_PER_USER = 100
# Nobody gives up on more in earnest; a program that collects all references would.
MAX_GIVEN_UP_PER_HOUR = 10

# --- accounts -------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["judge.accounts.backends.Backend"]
SESSION_ENGINE = "judge.accounts.sessions"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_REDIRECT_URL = "problems:list"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_EMAIL_VERIFICATION = env.str("ACCOUNT_EMAIL_VERIFICATION", default="none")
if ACCOUNT_EMAIL_VERIFICATION not in {"none", "optional", "mandatory"}:
    raise ImproperlyConfigured(
        f"ACCOUNT_EMAIL_VERIFICATION is {ACCOUNT_EMAIL_VERIFICATION!r}; it may be 'none', 'optional' or 'mandatory'."
    )
# What must be verified must be given.
ACCOUNT_SIGNUP_FIELDS = [
    "username*",
    "email*" if ACCOUNT_EMAIL_VERIFICATION == "mandatory" else "email",
    "password1*",
    "password2*",
]
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_LOGOUT_REDIRECT_URL = "problems:list"
# Beside allauth's own limits. An export may be long.
ACCOUNT_RATE_LIMITS = {"export": "6/h/user"}
# Whoever must verify an address does so first: a second factor would lock its true owner out.
MFA_ALLOW_UNVERIFIED_EMAIL = ACCOUNT_EMAIL_VERIFICATION != "mandatory"
MFA_TOTP_ISSUER = "KodJudge"
MFA_TOTP_TOLERANCE = 1
try:
    PROVIDERS = providers.configured(env)
except ValueError as error:
    raise ImproperlyConfigured(str(error)) from None
INSTALLED_APPS += PROVIDERS.apps
SOCIALACCOUNT_PROVIDERS = PROVIDERS.settings
EMAIL_CONFIG = env.email("EMAIL_URL", default="consolemail://")
vars().update(EMAIL_CONFIG)

# --- words, numbers, files ------------------------------------------------------------------------------------------
LANGUAGE_CODE = "en"
# By their own names, whoever reads; a new one needs its catalogue in judge/locale/ besides.
LANGUAGES = [("en", "English"), ("zh-hans", "简体中文")]
LANGUAGE_COOKIE_NAME = "page_language"
LANGUAGE_COOKIE_AGE = 31_536_000
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_SECURE = HTTPS
LANGUAGE_COOKIE_HTTPONLY = True
FORMAT_MODULE_PATH = "judge.formats"
LOCALE_PATHS = [BASE_DIR / "judge" / "locale"]
TIME_ZONE = env.str("TIME_ZONE", default="UTC")
USE_TZ = True
STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "judge" / "static", *([VAR_DIR / "frontend"] if (VAR_DIR / "frontend").is_dir() else [])]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "judge.static_files.StaticFiles"
    },
}

# --- security -------------------------------------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        # A form that leads to another site, by which somebody signs in, is one that is sent there.
        "form-action": [SELF, *PROVIDERS.origins],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
BEHIND_PROXY = env.bool("BEHIND_PROXY", default=False)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
# Else all visitors would share the proxy's address, and with it one limit on wrong passwords.
ALLAUTH_TRUSTED_PROXY_COUNT = int(BEHIND_PROXY)
# The source may be MAX_SOURCE_BYTES; form encoding can triple it.
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

# --- logs -----------------------------------------------------------------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": env.str("LOG_LEVEL", default="INFO")},
    # A hub's client logs each request with its signed address.
    "loggers": {"httpx2": {"level": "WARNING"}},
}
