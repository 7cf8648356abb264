"""The settings and what is written about them."""

import re
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import override_settings

from solidarity import env
from statements import checks

ROOT = Path(__file__).resolve().parent.parent.parent
READS = re.compile(
    r'(?:env\.(?:text|flag|number|choice|words|hosts|secrets?|mail)|os\.environ\.get)\(\s*"([A-Z_]+)"'
)
SECRETS = re.compile(r'env\.secrets?\("([A-Z_]+)"')


def variables_read():
    """Every variable that the code reads; a secret may come from a file too."""
    files = [*ROOT.glob("solidarity/*.py"), *ROOT.glob("statements/**/*.py")]
    code = "".join(path.read_text() for path in [*files, ROOT / "gunicorn.conf.py"])
    return {*READS.findall(code), *(f"{name}_FILE" for name in SECRETS.findall(code))}


def test_every_variable_is_explained_and_none_is_made_up():
    page = (ROOT / "docs" / "settings.md").read_text()

    assert set(re.findall(r"^\| `([A-Z_]+)` \|", page, re.MULTILINE)) == variables_read()


def test_the_example_file_has_every_variable_once():
    names = re.findall(r"^#?([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE)

    assert sorted(names) == sorted(variables_read())


def test_the_defaults_are_those_of_production_on_this_machine_alone(settings_for):
    settings = settings_for()

    assert settings.DEBUG is False
    assert settings.ALLOWED_HOSTS == ["127.0.0.1"]
    assert settings.CSRF_TRUSTED_ORIGINS == ["http://127.0.0.1:8000"]
    assert settings.SECURE_PROXY_SSL_HEADER is None
    assert settings.PDF_ATTACHMENTS is False
    assert settings.SUBMISSIONS_OPEN is True
    assert settings.SUBMISSION_ATTACHMENTS is False
    assert settings.FOUR_EYES == "submissions"
    assert settings.TRUSTED_PROXY_COUNT == 0
    assert settings.DATABASES["default"]["NAME"] == str(ROOT / "var" / "site.sqlite3")


def test_a_replica_is_given_up_sooner_than_the_database(settings_for):
    both = settings_for(
        DATABASE_URL="postgres://site@first/one",
        DATABASE_REPLICA_URL="postgres://site@second/one?sslmode=require",
        STATEMENT_SECONDS="3",
    ).DATABASES
    first, second = both["default"]["OPTIONS"], both["replica"]["OPTIONS"]

    assert set(settings_for().DATABASES) == {"default"}
    assert (first["connect_timeout"], second["connect_timeout"]) == (5, 2)
    assert second["sslmode"] == "require"
    assert first["options"] == second["options"]
    assert "statement_timeout=3s" in second["options"]


def test_behind_a_pooler_nothing_is_left_to_a_session(settings_for):
    one = settings_for(
        DATABASE_URL="postgres://site@pooler:6432/one", DATABASE_POOLED="1", STATEMENT_SECONDS="3"
    ).DATABASES["default"]

    assert one["DISABLE_SERVER_SIDE_CURSORS"] is True
    assert one["CONN_MAX_AGE"] == 0
    assert "options" not in one["OPTIONS"]


@pytest.mark.parametrize("address", ["sqlite:////tmp/copy", "postgres://site@second/one"])
def test_sqlite_has_no_replica(settings_for, address):
    with pytest.raises(ImproperlyConfigured, match="DATABASE_REPLICA_URL needs PostgreSQL"):
        settings_for(DATABASE_REPLICA_URL=address)


def test_two_warnings_are_silenced_and_no_others(settings_for):
    assert settings_for().SILENCED_SYSTEM_CHECKS == ["ckeditor.W001", "security.W021"]
    assert "## The editor: CKEditor 4" in (ROOT / "docs" / "security.md").read_text()


def test_the_host_is_that_of_the_site(settings_for):
    settings = settings_for(SITE_URL="https://statements.example/")

    assert settings.SITE_URL == "https://statements.example"
    assert settings.ALLOWED_HOSTS == ["statements.example"]


@pytest.mark.parametrize("host", ["*", "*:8000", "*.example.org", ".", "..", ".org", ".onion."])
def test_a_host_that_covers_everybody_is_refused(settings_for, host):
    with pytest.raises(ImproperlyConfigured, match=f"ALLOWED_HOSTS has '{re.escape(host)}', which"):
        settings_for(ALLOWED_HOSTS=f"statements.example,{host}")


def test_a_developer_may_answer_to_every_host(settings_for):
    assert settings_for(ALLOWED_HOSTS="*", DJANGO_DEBUG="1").ALLOWED_HOSTS == ["*"]


def test_hosts_below_ones_own_are_covered_by_a_dot(settings_for):
    settings = settings_for(ALLOWED_HOSTS=".statements.example, localhost,[::1],192.0.2.1")

    assert settings.ALLOWED_HOSTS == [".statements.example", "localhost", "[::1]", "192.0.2.1"]


def test_a_value_that_is_empty_counts_as_not_set(settings_for):
    settings = settings_for(DATABASE_URL="", ALLOWED_HOSTS=" ", DJANGO_DEBUG="", MEDIA_ROOT="")

    assert settings.DATABASES["default"]["NAME"] == str(ROOT / "var" / "site.sqlite3")
    assert settings.ALLOWED_HOSTS == ["127.0.0.1"]
    assert settings.MEDIA_ROOT == ROOT / "var" / "media"


def test_there_is_no_default_secret(settings_for):
    with pytest.raises(ImproperlyConfigured, match="SECRET_KEY is not set"):
        settings_for(SECRET_KEY="")


def test_a_secret_can_come_from_a_file(settings_for, tmp_path):
    (tmp_path / "secret").write_text("from the file\n")

    settings = settings_for(SECRET_KEY_FILE=str(tmp_path / "secret"))

    assert settings.SECRET_KEY == "from the file"


def test_what_a_backup_tells_of_the_settings_has_no_secret(settings_for):
    told = settings_for(
        SECRET_KEY="first secret",
        SEALING_KEYS="second secret",
        DATABASE_URL="postgres://site:third@db:5432/one?sslmode=require&sslpassword=fourth",
        EMAIL_URL="smtp+starttls://site:fifth@mail.example:587",
        KEPT_MEGABYTES="8",
    ).TOLD

    assert told["DATABASE_URL"] == "postgres://site:…@db:5432/one?sslmode=require&sslpassword=…"
    assert told["EMAIL_URL"] == "smtp+starttls://site:…@mail.example:587"
    assert told["KEPT_MEGABYTES"] == "8"
    assert not {"SECRET_KEY", "SEALING_KEYS"} & set(told)


@pytest.mark.parametrize("value", ["maybe", "2", "truee"])
def test_a_flag_that_is_neither_yes_nor_no_is_refused(settings_for, value):
    with pytest.raises(ImproperlyConfigured, match="DJANGO_DEBUG must be 1 or 0"):
        settings_for(DJANGO_DEBUG=value)


@pytest.mark.parametrize("value", ["-1", "one", "1.5", "²"])
def test_a_number_that_is_none_is_refused(settings_for, value):
    with pytest.raises(ImproperlyConfigured, match="TRUSTED_PROXY_COUNT must be a number"):
        settings_for(TRUSTED_PROXY_COUNT=value)


def read_env(path, monkeypatch):
    values = {"TAKEN": "from the environment"}
    with monkeypatch.context() as patch:
        patch.setattr("os.environ", values)
        env.read_file(path)
    return values


def test_the_environment_wins_over_the_file(tmp_path, monkeypatch):
    path = tmp_path / ".env"
    path.write_text("# words\n\nTAKEN=from the file\n NEW = a=b \nQUOTED='c d'\n")

    assert read_env(path, monkeypatch) == {
        "TAKEN": "from the environment",
        "NEW": "a=b",
        "QUOTED": "c d",
    }


def test_a_line_that_is_none_is_named(tmp_path, monkeypatch):
    path = tmp_path / ".env"
    path.write_text("A=1\nSECRET\n")

    with pytest.raises(ImproperlyConfigured, match=r"^\.env, line 2: expected NAME=value$"):
        read_env(path, monkeypatch)


def test_no_file_is_no_fault(tmp_path, monkeypatch):
    assert read_env(tmp_path / ".env", monkeypatch) == {"TAKEN": "from the environment"}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"NEWSLETTER_OPEN": False, "NEWSLETTER_HOUR": 99}, []),
        ({}, []),
        ({"NEWSLETTER_HOUR": 24}, ["statements.E001"]),
        ({"NEWSLETTER_RETURN_PATH": "bounces"}, ["statements.E002"]),
        ({"NEWSLETTER_A_MINUTE": 0}, ["statements.E003"]),
        ({"EMAIL_BACKEND": "django.core.mail.backends.filebased.X"}, ["statements.W001"]),
        ({"IS_HTTPS": False}, ["statements.W002"]),
        ({"NEWSLETTER_RETURN_PATH": ""}, ["statements.W003"]),
    ],
)
def test_following_by_e_mail_asks_for_the_settings_that_it_needs(changes, expected):
    fitting = {
        "NEWSLETTER_OPEN": True,
        "NEWSLETTER_RETURN_PATH": "bounces@statements.example",
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "IS_HTTPS": True,
    }
    with override_settings(**fitting | changes):
        found = [*checks.newsletter(), *checks.newsletter_in_use()]
        assert [one.id for one in found] == expected
