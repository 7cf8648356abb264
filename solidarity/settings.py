"""Settings of the site. Every value that differs between machines comes from the environment.

docs/settings.md explains each variable; a test compares it with what is read here.
"""

from pathlib import Path
from urllib.parse import urlsplit

from django.utils.translation import gettext_lazy as _
from pythonjsonlogger.core import RESERVED_ATTRS

from solidarity import csp, databases, env, logs, storing

BASE_DIR = Path(__file__).resolve().parent.parent
env.read_file(BASE_DIR / ".env")

SECRET_KEY = env.secret("SECRET_KEY")
DEBUG = env.flag("DJANGO_DEBUG")
SITE_URL = env.text("SITE_URL", "http://127.0.0.1:8000").rstrip("/")
IS_HTTPS = SITE_URL.startswith("https://")
ALLOWED_HOSTS = env.hosts("ALLOWED_HOSTS", urlsplit(SITE_URL).hostname or "", may_be_any=DEBUG)
CSRF_TRUSTED_ORIGINS = env.words("CSRF_TRUSTED_ORIGINS", SITE_URL)

INSTALLED_APPS = [
    "statements",
    "taggit",
    "ckeditor",
    "solidarity.admin.EditorsAdmin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django_tasks",
    "django_tasks_db",
]
MIDDLEWARE = [
    "solidarity.metrics.MetricsMiddleware",
    "statements.keeping.middleware.KeepingMiddleware",
    "solidarity.headers.HeadersMiddleware",
    "solidarity.csp.ContentSecurityPolicyMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "solidarity.requests.WellFormedMiddleware",
    "solidarity.compression.CompressionMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "solidarity.language.PathLanguageMiddleware",
    "solidarity.shedding.SheddingMiddleware",
    "statements.operating.unchangeable.UnchangeableMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "statements.account.middleware.StaffMiddleware",
    # The last: what comes before it asks the database that is written to.
    "statements.replica.ReplicaMiddleware",
]
ROOT_URLCONF = "solidarity.urls"
WSGI_APPLICATION = "solidarity.wsgi.application"
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
                "statements.pages.context.site",
            ],
        },
    },
    # Mail is plain text: nothing in it is markup, so nothing is escaped.
    {
        "NAME": "mail",
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {"autoescape": False},
    },
]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

DATABASES = databases.configured(BASE_DIR)

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("de", _("German")), ("ar", _("Arabic"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["solidarity.formats"]
TIME_ZONE = "UTC"
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = Path(env.text("STATIC_ROOT", str(BASE_DIR / "var" / "static")))
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "statements.staticfiles.TrimmedAppDirectoriesFinder",
]
MEDIA_URL = "/media/"
MEDIA_ROOT = Path(env.text("MEDIA_ROOT", str(BASE_DIR / "var" / "media")))
# Where dumps of the public archive are made and served from.
DATA_ROOT = Path(env.text("DATA_ROOT", str(BASE_DIR / "var" / "data")))
# After so many hours a new one is made by itself; 0: only by manage.py dump_public.
DUMP_HOURS = env.number("DUMP_HOURS", 24)
# What backups need beside the database; and what keeps them from bringing back what was erased.
BACKUP_ROOT = Path(env.text("BACKUP_ROOT", str(BASE_DIR / "var" / "backup")))
ERASURES_FILE = Path(env.text("ERASURES_FILE", str(BACKUP_ROOT / "erasures.jsonl")))
# Public keys that backups are sealed to; without them those in the file "recipients" there.
BACKUP_RECIPIENTS = env.words("BACKUP_RECIPIENTS")
STORAGES = {
    # Attached files.
    "default": storing.attached(),
    "staticfiles": {"BACKEND": "statements.staticfiles.JoinedManifestStorage"},
}
WHITENOISE_ALLOW_ALL_ORIGINS = False
# Attached PDFs cannot be made safe, only kept apart: the operator decides (docs/security.md).
PDF_ATTACHMENTS = env.flag("PDF_ATTACHMENTS")
# How much of its answers each process keeps in memory; 0: nothing, and no change is noted. A
# developer's templates change, and nobody notes that.
KEPT_MEGABYTES = env.number("KEPT_MEGABYTES", 0 if DEBUG else 16)
# Where processes count requests, in memory and not on a disk, and where the sum is told.
METRICS_FOLDER = env.text("METRICS_FOLDER")
METRICS_BIND = env.text("METRICS_BIND", "127.0.0.1:9205")
# Whether the site may ask other hosts: statements/fetching.py.
FETCHING = env.flag("FETCHING")
# Whether strangers can send statements.
SUBMISSIONS_OPEN = env.flag("SUBMISSIONS_OPEN", default=True)
# Whether they can send pictures with them, and PDFs where PDF_ATTACHMENTS says so.
SUBMISSION_ATTACHMENTS = env.flag("SUBMISSION_ATTACHMENTS")
# Of which texts nobody publishes words that they wrote: statements/rights.py.
FOUR_EYES = env.choice("FOUR_EYES", ("submissions", "always", "never"))
# How many questions of programs from one network are answered in ten minutes; 0: all of them.
API_REQUESTS = env.number("API_REQUESTS", 600)
# After so many days the desk marks a submission that nobody has taken up.
SUBMISSION_TERM_DAYS = env.number("SUBMISSION_TERM_DAYS", 7)
# After so many days without news a demand or a person is to be looked after.
FOLLOW_UP_DAYS = env.number("FOLLOW_UP_DAYS", 90)
FILE_UPLOAD_PERMISSIONS = 0o644

PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "statements.account.passwords.NoNameOfSiteOrUser"},
]
AUTHENTICATION_BACKENDS = ["statements.account.adapter.AccountBackend"]
# Whether the admin opens only for staff who have shown a second factor or a passkey.
STAFF_MFA_REQUIRED = env.flag("STAFF_MFA_REQUIRED", default=True)
ACCOUNT_ADAPTER = "statements.account.adapter.AccountAdapter"
MFA_ADAPTER = "statements.account.adapter.FactorAdapter"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_FORMS = {"change_password": "statements.account.forms.PasswordForm"}
# Allauth would count in the cache and by address; statements/account/workflow.py counts instead.
ACCOUNT_RATE_LIMITS = MFA_RATE_LIMITS = False
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_TOLERANCE = 1
# Twenty digits are 66 bits.
MFA_RECOVERY_CODE_DIGITS = 20
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_FORMS = {
    "authenticate": "statements.account.forms.CodeForm",
    "reauthenticate": "statements.account.forms.ConfirmCodeForm",
    "add_webauthn": "statements.account.forms.PasskeyForm",
}
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "admin:index"

# Not in a cookie of its own.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
# Readers get no cookie at all; these are for staff. The __Host- prefix needs https.
SESSION_COOKIE_NAME = "__Host-session" if IS_HTTPS else "session"
SESSION_COOKIE_SECURE = IS_HTTPS
# For how long somebody stays signed in, at most and without doing anything.
SESSION_COOKIE_AGE = 8 * 3600
SESSION_IDLE_AGE = 30 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CSRF_COOKIE_NAME = "__Host-csrf" if IS_HTTPS else "csrf"
CSRF_COOKIE_SECURE = IS_HTTPS
CSRF_COOKIE_AGE = None  # until the browser closes
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "statements.resend.csrf_failure"
SECURE_SSL_REDIRECT = IS_HTTPS
# Asked from within the machine, past the proxy.
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if IS_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = IS_HTTPS
# To be put on the browsers' own lists is the operator's to promise: it cannot be taken back soon.
SECURE_HSTS_PRELOAD = IS_HTTPS and env.flag("HSTS_PRELOAD")
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.flag("BEHIND_PROXY") else None
# How many proxies before this process write X-Forwarded-For; statements/limits.py reads it.
TRUSTED_PROXY_COUNT = env.number("TRUSTED_PROXY_COUNT")
# Not "no-referrer": it makes the browser send "Origin: null", and every form fails its CSRF check.
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SECURE_CSP = csp.PUBLIC | ({csp.UPGRADE: True} if IS_HTTPS else {})

DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
# One statement form with all its rows has several hundred fields.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
DATA_UPLOAD_MAX_NUMBER_FILES = 10

TAGGIT_CASE_INSENSITIVE = True
TAGGIT_STRIP_UNICODE_WHEN_SLUGIFYING = False
SILENCED_SYSTEM_CHECKS = [
    # The editor is deprecated; docs/security.md says what is mitigated and what is not.
    "ckeditor.W001",
    # HSTS_PRELOAD is off unless the operator promises it.
    "security.W021",
]
# Which widget edits rich text in the admin: the field is plain text in the database either way.
RICH_TEXT_WIDGET = env.text("RICH_TEXT_WIDGET", "statements.admin.editor.RichTextWidget")

# What seals e-mail addresses and private links, the newest first; SECRET_KEY where there is none.
SEALING_KEYS = env.secrets("SEALING_KEYS")
# How many zero bits a browser has to find before it sends a form; each one doubles the work.
PROOF_OF_WORK_BITS = env.number("PROOF_OF_WORK_BITS", 18)

# Mail settings are in env.mail alone, for Django 6.1 renames them.
vars().update(env.mail("EMAIL_URL", default=f"file://{BASE_DIR / 'var' / 'mail'}"))
DEFAULT_FROM_EMAIL = env.text(
    "DEFAULT_FROM_EMAIL", f"no-reply@{urlsplit(SITE_URL).hostname or 'localhost'}"
)
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# Whether readers can follow by e-mail, and are written to: statements/newsletter/.
NEWSLETTER_OPEN = env.flag("NEWSLETTER_OPEN")
# Where mails to them come back to when there is no such mailbox; nowhere where it is empty.
NEWSLETTER_RETURN_PATH = env.text("NEWSLETTER_RETURN_PATH")
# The hour, in UTC, from which the mails of a day or a week are sent.
NEWSLETTER_HOUR = env.number("NEWSLETTER_HOUR", 6)
# So many mails one minute's run sends at most: what the mail server takes.
NEWSLETTER_A_MINUTE = env.number("NEWSLETTER_A_MINUTE", 100)

# Letters are tasks in the database. A worker sends them, or else whoever has queued them.
HAS_WORKER = env.flag("HAS_WORKER")
TASKS = {"default": {"BACKEND": "django_tasks_db.backend.DatabaseBackend"}}

# What a backup tells of this machine: its settings, without secrets.
TOLD = env.told()

# Lines name no reader: no address of a person is ever in one, and addresses of pages that were
# asked for in vain, or under a wrong host name, are not worth keeping.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "text": {"format": "{asctime} {levelname} {name} {message}", "style": "{"},
        "json": {
            "()": "pythonjsonlogger.json.JsonFormatter",
            "fmt": [*logs.IN_JSON, "message"],
            "rename_fields": logs.IN_JSON,
            "reserved_attrs": [*RESERVED_ATTRS, "request", "server_time"],
        },
    },
    "filters": {
        "without_tokens": {"()": "solidarity.logs.WithoutTokens"},
        "without_refusals": {"()": "solidarity.logs.WithoutRefusals"},
    },
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": env.choice("LOG_FORMAT", ("text", "json")),
            "filters": ["without_tokens", "without_refusals"],
        }
    },
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        # Django's own handlers would print twice, and mail requests with all their headers.
        "django": {"handlers": [], "level": "INFO" if DEBUG else "WARNING"},
        "django.request": {"level": "ERROR"},
        "django.security": {"level": "CRITICAL"},
        # A developer's server names every address that is asked for.
        "django.server": {"handlers": ["console"], "propagate": False},
    },
}
