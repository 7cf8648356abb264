"""The site's settings, with what tests need otherwise."""

import os
import tempfile

os.environ.setdefault("SECRET_KEY", "tests-only-" + "x" * 50)
os.environ.setdefault("DATABASE_URL", "sqlite:///:memory:")
os.environ["DATABASE_REPLICA_URL"] = os.environ["S3_BUCKET"] = ""
os.environ["DJANGO_DEBUG"] = "0"
# The tests of signing in turn it on; the others are about something else.
os.environ["STAFF_MFA_REQUIRED"] = "0"
# What an operator may allow is off, whatever the .env of this folder says.
os.environ["SUBMISSION_ATTACHMENTS"] = os.environ["PDF_ATTACHMENTS"] = "0"
# Every address is read over and over by the tests that walk them all.
os.environ["API_REQUESTS"] = "1000000"
# What is shown and sent where readers can follow by e-mail is walked with everything else.
os.environ["NEWSLETTER_OPEN"] = "1"
os.environ["NEWSLETTER_RETURN_PATH"] = "bounces@testserver"
# Every test sees what it has just written; tests/keeping/ keeps answers.
os.environ["KEPT_MEGABYTES"] = "0"
# No dump is made by itself; those that tests make lie in a folder of this process.
os.environ["DUMP_HOURS"] = "0"
DATA = tempfile.TemporaryDirectory(prefix="statements-data-")
os.environ["DATA_ROOT"] = DATA.name
# Nor is what tests erase told to anybody.
BACKUP = tempfile.TemporaryDirectory(prefix="statements-backup-")
os.environ["BACKUP_ROOT"] = BACKUP.name
os.environ["SITE_URL"] = "http://testserver"
os.environ["ALLOWED_HOSTS"] = "testserver,127.0.0.1,localhost"

from solidarity.settings import *  # noqa: E402,F403
from solidarity.settings import DATABASES, STORAGES  # noqa: E402

STORAGES = STORAGES | {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
DATABASES["default"]["CONN_MAX_AGE"] = 0
if "postgresql" in DATABASES["default"]["ENGINE"]:
    # What tests write need not outlive a crash of the server.
    DATABASES["default"]["OPTIONS"]["options"] += " -c synchronous_commit=off"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# Static files straight from their folders, by the same middleware as in use.
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True
