"""Every setting of CodeTrack, read from the environment alone: docs/reference/settings.md."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.utils.csp import CSP

from codetrack import __version__
from codetrack.config import env, logs, machine
from codetrack.platforms import registry

PACKAGE = Path(__file__).resolve().parent.parent
DATA = env.data_folder()
VERSION = __version__

DEBUG = env.flag("CODETRACK_DEBUG")
DEMO = env.flag("CODETRACK_DEMO")
SECRET_KEY = env.secret_key(DATA)
PORT = env.number("PORT", 8000)
CODETRACK_URL = env.text("CODETRACK_URL", f"http://localhost:{PORT}").rstrip("/")
SECURE = CODETRACK_URL.startswith("https://")
TRUSTED_PROXIES = env.number("CODETRACK_TRUSTED_PROXIES", 0)
ALLOWED_HOSTS = env.hosts(CODETRACK_URL)
CSRF_TRUSTED_ORIGINS = [CODETRACK_URL]
CONTACT = env.text("CODETRACK_CONTACT")
LOG_AS_JSON = env.choice("CODETRACK_LOG", ("text", "json")) == "json"

# What a visitor may do without being invited: "open", "invitation" or "closed".
SIGNUP = env.choice("CODETRACK_SIGNUP", ("open", "invitation", "closed"))
# Mails by which the admins of one institute ask people to join, in 24 hours.
INVITATIONS_PER_DAY = env.number("CODETRACK_INVITATIONS_PER_DAY", 10_000)
# The slug of the institute whose best ratings everybody sees on the landing page.
PUBLIC_INSTITUTE = env.text("CODETRACK_PUBLIC_INSTITUTE", "harbour-coding-club" if DEMO else "")

INSTALLED_APPS = [
    "codetrack.config",
    "codetrack.core",
    *(["codetrack.demo"] if DEMO else []),  # before web: its sign-in page tells how to enter
    "codetrack.web",
    "codetrack.api",
    "codetrack.live",
    "codetrack.accounts",
    "codetrack.notifications",
    "codetrack.standings",
    "codetrack.ratings",
    "codetrack.home",
    "allauth",
    "allauth.account",
    "allauth.usersessions",
    "django_htmx",
    "django_vite",
    "ninja",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "django.contrib.staticfiles",
    "django.forms",
]

MIDDLEWARE = [
    "codetrack.web.middleware.PatienceMiddleware",
    "codetrack.config.health.HealthMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "codetrack.web.middleware.ErrorsMiddleware",
    "codetrack.live.page.PlaceMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "codetrack.accounts.middleware.TimeZoneMiddleware",
    "codetrack.accounts.middleware.PrivateMiddleware",
]

ROOT_URLCONF = "codetrack.config.urls"
LOGGING = logs.config(as_json=LOG_AS_JSON)
WSGI_APPLICATION = "codetrack.config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "codetrack.web.context_processors.frame",
                "codetrack.live.page.place",
            ],
            "builtins": ["codetrack.web.templatetags.codetrack"],
        },
    }
]

# --- storage -----------------------------------------------------------------

DATABASES: dict[str, Any] = {
    "default": env.database(f"sqlite:///{DATA / 'codetrack.sqlite3'}"),
}
if DATABASES["default"]["ENGINE"] == "django.db.backends.postgresql":
    DATABASES["default"]["ENGINE"] = "codetrack.core.postgres"
else:
    DATABASES["default"]["ENGINE"] = "codetrack.core.sqlite"
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-32000;"
        ),
    }
# How long PostgreSQL may work on one statement of a page; 0 is for ever.
STATEMENT_SECONDS = env.number("CODETRACK_STATEMENT_SECONDS", 20)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "core_cache",
        # Rate limits live here: they must not be thrown out because the cache is "full" at 300.
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    },
    # What every page shows and nobody misses for half a minute.
    "process": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
}
MEDIA_ROOT = DATA / "media"
# No page takes a file but one, which says so once it knows who asks.
DATA_UPLOAD_MAX_NUMBER_FILES = 1
FILE_UPLOAD_HANDLERS = ["codetrack.web.uploads.NoFile"]
STATIC_URL = "static/"
DJANGO_VITE: dict[str, Any] = {
    "default": {
        "manifest_path": PACKAGE / "web" / "static" / "dist" / "manifest.json",
        "static_url_prefix": "dist",
    }
}
# Served from where they lie, by WhiteNoise: nothing has to be collected. Vite hashes the names.
WHITENOISE_USE_FINDERS = True
WHITENOISE_IMMUTABLE_FILE_TEST = r"^/static/dist/.+-[\w-]{8}\.\w+$"

# --- people ------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "allauth.account.auth_backends.AuthenticationBackend",
    "codetrack.accounts.backends.TokenBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home:start"
ACCOUNT_ADAPTER = "codetrack.accounts.adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "codetrack.accounts.forms.LoginForm",
    "signup": "codetrack.accounts.forms.SignupForm",
    "add_email": "codetrack.accounts.forms.AddEmailForm",
    "change_password": "codetrack.accounts.forms.ChangePasswordForm",
    "reset_password": "codetrack.accounts.forms.ResetPasswordForm",
    "reset_password_from_key": "codetrack.accounts.forms.ResetPasswordKeyForm",
}
ACCOUNT_LOGIN_METHODS = {"email", "username"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "username*", "password1*"]
ACCOUNT_SIGNUP_FORM_HONEYPOT_FIELD = "phone_number"
ACCOUNT_PRESERVE_USERNAME_CASING = False
ACCOUNT_USERNAME_MIN_LENGTH = 3
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = False
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True
ACCOUNT_LOGIN_TIMEOUT = 24 * 60 * 60  # how long the page may wait for the mail link
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_LOGOUT_ON_GET = False
# A classroom is one address: generous per address, strict per account ("key").
ACCOUNT_RATE_LIMITS = {
    "login": "300/10m/ip",
    "login_failed": "100/10m/ip,5/5m/key",
    "signup": "300/10m/ip",
    "reset_password": "100/10m/ip,5/10m/key",
    "reset_password_from_key": "100/10m/ip",
}
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXIES

# --- mail and jobs -----------------------------------------------------------

MAIL_URL = env.text("CODETRACK_MAIL_URL")  # smtp://user:password@host:587 or smtps://…:465
DEFAULT_FROM_EMAIL = env.text("CODETRACK_MAIL_FROM", "CodeTrack <codetrack@localhost>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
MAILERS = {"default": {"BACKEND": "codetrack.core.mail.QueuedBackend"}}
# What is told of one thing within this time comes as one mail.
NOTICES_JOIN_SECONDS = 5 if DEMO else 60

# "mail" lets people in, so that it never waits behind what "notices" tells.
JOB_QUEUES = ["default", "mail", "notices", "sync", "judge"]
# Programs that are judged at a time: more than cores would measure each other.
JUDGE_WORKERS = env.number("CODETRACK_JUDGE_WORKERS", machine.cores())
# Jobs of one queue at a time, 1 where nothing is said. Each platform is read by one job at a time;
# the one more is for what a member waits for. All keep to the limit of the platform together.
JOB_THREADS = {
    "notices": 2,
    "sync": len(registry.all_platforms()) + 1,
    "judge": JUDGE_WORKERS,
}
TASKS = {
    "default": {
        "BACKEND": "codetrack.core.jobs.backend.LeaseBackend",
        "QUEUES": JOB_QUEUES,
        "OPTIONS": {"batch": {"default": 10, "mail": 5, "notices": 5}},
    }
}

# --- live --------------------------------------------------------------------

# Sockets that one process holds at a time; each is a file that it has open.
LIVE_CONNECTIONS = env.number("CODETRACK_LIVE_CONNECTIONS", 5_000)

# --- the outside world -------------------------------------------------------

PLATFORMS: dict[str, dict[str, Any]] = {
    key: {
        "enabled": env.flag(f"CODETRACK_{key.upper()}_ENABLED", True),
        "url": env.text(f"CODETRACK_{key.upper()}_URL", platform.home_url).rstrip("/"),
        "interval": env.decimal(f"CODETRACK_{key.upper()}_INTERVAL", platform.interval),
        "proxy": env.text(f"CODETRACK_{key.upper()}_PROXY"),
    }
    for key, platform in registry.all_platforms().items()
}
PROOF_CHECK_SECONDS = 5 if DEMO else 60

# --- language, time, security --------------------------------------------------

LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = True
FORM_RENDERER = "codetrack.web.forms.FormRenderer"

SECURE_CSP = {
    "default-src": [CSP.SELF],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:"],
    "connect-src": [CSP.SELF],
    "frame-ancestors": [CSP.NONE],
    "base-uri": [CSP.NONE],
    "form-action": [CSP.SELF],
    "object-src": [CSP.NONE],
}
PERMISSIONS_POLICY: dict[str, list[str]] = {
    name: [] for name in ("camera", "microphone", "geolocation", "payment", "usb")
}
SECURE_REFERRER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = env.number("CODETRACK_HSTS_SECONDS", 31_536_000 if SECURE else 0)
SECURE_SSL_REDIRECT = SECURE
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
# A club speaks for its own host, not for the subdomains and the preload list of its school.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
# Cookies know no port: two clubs on one machine would sign each other out.
COOKIE_PREFIX = "__Host-" if SECURE else f"{PORT}-"
SESSION_COOKIE_NAME = f"{COOKIE_PREFIX}session"
CSRF_COOKIE_NAME = f"{COOKIE_PREFIX}csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "codetrack.web.views.csrf_failure"
X_FRAME_OPTIONS = "DENY"
