"""One settings file. Everything that differs between installations is an environment variable.

README.md lists the variables. Nothing needs to be set for a first look on one machine except
``LUOSHI_DEBUG=1`` (or ``manage.py demo``, which needs nothing at all); without it these are
production settings, and they refuse to start on a missing or a well-known secret.
"""

from pathlib import Path

from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _
from environs import Env, EnvError

BASE_DIR = Path(__file__).resolve().parent.parent
env = Env()

DEBUG = env.bool("LUOSHI_DEBUG", False)
# Database (where it is SQLite), originals, evidence and collected static files: all that a backup needs.
DATA_DIR = Path(env.str("LUOSHI_DATA_DIR", str(BASE_DIR / "data"))).resolve()
DATA_DIR.mkdir(parents=True, exist_ok=True)

_DEVELOPMENT_SECRET = "only-for-development-and-tests"  # noqa: S105  refused below unless debugging
SECRET_KEY = env.str("LUOSHI_SECRET_KEY", _DEVELOPMENT_SECRET if DEBUG else "")
if not DEBUG and (len(SECRET_KEY) < 50 or SECRET_KEY.startswith(_DEVELOPMENT_SECRET)):
    raise ImproperlyConfigured(
        "LUOSHI_SECRET_KEY must be set to a secret of at least 50 characters. Make one with: "
        "python -c 'import secrets; print(secrets.token_urlsafe(50))'. "
        "For a look on your own machine run 'python manage.py demo' or set LUOSHI_DEBUG=1."
    )
# What an earlier key has signed or sealed stays good while that key stands here.
SECRET_KEY_FALLBACKS = env.list("LUOSHI_OLD_SECRET_KEYS", [])

ALLOWED_HOSTS = env.list("LUOSHI_ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("LUOSHI_TRUSTED_ORIGINS", [])
# Offices without certificates run on plain http inside the intranet; they say so with LUOSHI_HTTPS=0.
HTTPS = env.bool("LUOSHI_HTTPS", not DEBUG)
SECURE_SSL_REDIRECT = SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.bool("LUOSHI_BEHIND_PROXY", False) else None
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "axes",
    "bootstrap",
    "csp",
    "django_filters",
    "django_htmx",
    "django_tables2",
    "ninja",
    "rules",
    "simple_history",
    "tree_queries",
    "speeches",
    "tracker",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "tracker.middleware.without_nul",
    "tracker.middleware.acting_from_page",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "tracker.urls"
WSGI_APPLICATION = "tracker.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "tracker.context.page",
            ]
        },
    }
]
DJANGO_TABLES2_TEMPLATE = "tracker/table.html"

_SQLITE = {"ENGINE": "django.db.backends.sqlite3", "NAME": DATA_DIR / "luoshi.sqlite3"}
try:
    DATABASES = {"default": env.dj_db_url("DATABASE_URL") if env.str("DATABASE_URL", "") else _SQLITE}
except (EnvError, ValueError) as error:
    raise ImproperlyConfigured(
        "DATABASE_URL is no address of a database. Write it as postgres://user:password@host:5432/name, "
        "or leave it out for SQLite in LUOSHI_DATA_DIR."
    ) from error
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # WAL lets readers read while one writes; IMMEDIATE takes the write lock at BEGIN, so that two
    # writers queue instead of failing half-way.
    DATABASES["default"]["OPTIONS"] = {
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
    }
else:
    # Compiling the many conditions of a light would take seconds where answering takes milliseconds.
    DATABASES["default"]["OPTIONS"] = {"options": "-c jit=off"} | DATABASES["default"].get("OPTIONS", {})
    DATABASES["default"]["CONN_MAX_AGE"] = 60
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "tracker.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "rules.permissions.ObjectPermissionBackend",
    "tracker.backends.PasswordBackend",
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
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "login"
AXES_FAILURE_LIMIT = 8
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_VERBOSE = False
AXES_LOCKOUT_TEMPLATE = "registration/locked.html"

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Simplified Chinese")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "tracker" / "locale"]
USE_I18N = USE_TZ = True
TIME_ZONE = "Asia/Shanghai"
FORMAT_MODULE_PATH = "tracker.formats"

STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
STATIC_ROOT.mkdir(exist_ok=True)
MEDIA_ROOT = DATA_DIR / "files"  # never served directly: every download goes through a view that checks who asks
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = DEBUG

UPLOAD_LIMIT_MB = env.int("LUOSHI_UPLOAD_LIMIT_MB", 50)
# One file of evidence: enough for a photo from a telephone, not for a film.
EVIDENCE_LIMIT_MB = env.int("LUOSHI_EVIDENCE_LIMIT_MB", default=15)
FILE_UPLOAD_PERMISSIONS = 0o640
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000
# A form or a message of the API without its files: the longest text that may be pasted, and something over.
DATA_UPLOAD_MAX_MEMORY_SIZE = 8 * 1024 * 1024

# The extractor's knowledge of units comes from the ledger, as data; speeches itself never imports tracker.
SPEECHES_LEXICON = "tracker.units.lexicon"

CELERY_BROKER_URL = env.str("CELERY_BROKER_URL", "")
# How the outcome of a task comes back to the command that waits for it; nothing else needs one.
CELERY_RESULT_BACKEND = "rpc://" if CELERY_BROKER_URL.startswith("amqp") else CELERY_BROKER_URL or None
# Without a broker, tasks run in the process that calls them.
CELERY_TASK_ALWAYS_EAGER = not CELERY_BROKER_URL
CELERY_TASK_EAGER_PROPAGATES = True
CELERY_TASK_ACKS_LATE = True
CELERY_TIMEZONE = TIME_ZONE

vars().update(env.dj_email_url("EMAIL_URL", default="console://" if DEBUG else "smtp://localhost:25"))
DEFAULT_FROM_EMAIL = env.str("LUOSHI_FROM_EMAIL", "luoshi@localhost")

EMAIL_TIMEOUT = 15  # seconds

# The day's work at this hour of the office's morning; what could not be sent is tried again every few minutes.
CELERY_BEAT_SCHEDULE = {
    "tick": {
        "task": "tracker.tasks.tick",
        "schedule": crontab(hour=str(env.int("LUOSHI_TICK_HOUR", 8)), minute="0"),
    },
    "send": {"task": "tracker.tasks.send_messages", "schedule": crontab(minute="*/5")},
}
# Where people reach this installation, for the link in their messages: https://luoshi.example.gov.cn/
LUOSHI_URL = env.str("LUOSHI_URL", "")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "INFO" if DEBUG else "WARNING"},
    "loggers": {
        "speeches": {"level": "INFO"},
        "tracker": {"level": "INFO"},
        # What these say in detail holds the addresses of chat robots, which are keys.
        "apprise": {"level": "CRITICAL"},
        "urllib3": {"level": "WARNING"},
        # Without a broker each task runs inside a command or a request, which says itself what came of it.
        "celery.app.trace": {"level": "INFO" if CELERY_BROKER_URL else "WARNING"},
        "kombu.connection": {"level": "WARNING" if CELERY_BROKER_URL else "ERROR"},
    },
}
