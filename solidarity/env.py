"""Read the settings' values from the environment, and from `.env` beside manage.py.

A variable of the environment wins over the file. The file holds secrets: whoever makes it
gives it mode 600, and it is never in the repository.
"""

import os
import re
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

TRUE = {"1", "true", "yes", "on"}
FALSE = {"0", "false", "no", "off", ""}


def read_file(path: Path) -> None:
    """Take NAME=value lines of a file into the environment, where NAME is not set yet."""
    if not path.is_file():
        return
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        line = line.strip()
        if not line or line.startswith("#"):
            continue
        name, equals, value = line.partition("=")
        if not equals:
            raise ImproperlyConfigured(f"{path.name}, line {number}: expected NAME=value")
        os.environ.setdefault(name.strip(), value.strip().strip("\"'"))


def text(name: str, default: str = "") -> str:
    """A value; one that is set and empty is the default, as if it were not set."""
    _asked.add(name)
    return os.environ.get(name, "").strip() or default


# Where an address of a database says it behind the question mark.
PASSWORD = re.compile(r"(?<=password=)[^&]+", re.IGNORECASE)
_asked: set[str] = set()
_secret: set[str] = set()


def told() -> dict[str, str]:
    """What is set otherwise than by default, without secrets and the passwords in addresses."""
    found = {}
    for name in sorted(_asked - _secret):
        if value := os.environ.get(name, "").strip():
            parts = urlsplit(value)
            if parts.password:
                host = parts.netloc.rpartition("@")[2]
                value = parts._replace(netloc=f"{parts.username}:…@{host}").geturl()
            found[name] = PASSWORD.sub("…", value)
    return found


def flag(name: str, default: bool = False) -> bool:
    value = text(name, str(default)).lower()
    if value in TRUE:
        return True
    if value in FALSE:
        return False
    raise ImproperlyConfigured(f"{name} must be 1 or 0, not {value!r}")


def number(name: str, default: int = 0) -> int:
    value = text(name, str(default))
    if value.isascii() and value.isdigit():
        return int(value)
    raise ImproperlyConfigured(f"{name} must be a number, not {value!r}")


def choice(name: str, allowed: tuple[str, ...]) -> str:
    """One of a few words; the first where nothing is set."""
    value = text(name, allowed[0]).lower()
    if value not in allowed:
        raise ImproperlyConfigured(f"{name} must be one of {', '.join(allowed)}, not {value!r}")
    return value


def words(name: str, default: str = "") -> list[str]:
    """A list, separated by commas."""
    return [part.strip() for part in text(name, default).split(",") if part.strip()]


def hosts(name: str, default: str, *, may_be_any: bool) -> list[str]:
    """Host names to answer to; patterns that cover everybody's are refused, unless they may."""
    found = words(name, default)
    for host in [] if may_be_any else found:
        if "*" in host or (host.startswith(".") and "." not in host.strip(".")):
            raise ImproperlyConfigured(
                f"{name} has {host!r}, which covers hosts that are not yours. Name each host, or"
                " all below one of yours with a dot before it: .statements.example"
            )
    return found


def secret(name: str) -> str:
    """A secret from NAME, or from the file that NAME_FILE names (as container engines give it)."""
    _secret.add(name)
    path = text(f"{name}_FILE")
    value = Path(path).read_text(encoding="utf-8").strip() if path else text(name)
    if not value:
        raise ImproperlyConfigured(
            f"{name} is not set. script/setup makes a .env with one; see docs/settings.md."
        )
    return value


def secrets(name: str) -> list[str]:
    """A list of secrets, or none: from NAME, or from the file that NAME_FILE names."""
    _secret.add(name)
    path = text(f"{name}_FILE")
    value = Path(path).read_text(encoding="utf-8") if path else text(name)
    return [part.strip() for part in value.replace("\n", ",").split(",") if part.strip()]


# How mail is handed over: the scheme of its address, with Django's backend.
MAIL = {
    "smtp": "smtp.EmailBackend",
    "smtps": "smtp.EmailBackend",
    "smtp+starttls": "smtp.EmailBackend",
    "file": "filebased.EmailBackend",
    "console": "console.EmailBackend",
    "memory": "locmem.EmailBackend",
}


def mail(name: str, default: str) -> dict[str, object]:
    """Django's settings for mail from one address, as in smtp+starttls://user:password@host:587."""
    address = urlsplit(text(name, default))
    if address.scheme not in MAIL:
        raise ImproperlyConfigured(f"{name} begins with one of {', '.join(sorted(MAIL))}:")
    return {
        "EMAIL_BACKEND": f"django.core.mail.backends.{MAIL[address.scheme]}",
        "EMAIL_FILE_PATH": address.path if address.scheme == "file" else None,
        "EMAIL_HOST": address.hostname or "localhost",
        "EMAIL_PORT": address.port or {"smtps": 465, "smtp+starttls": 587}.get(address.scheme, 25),
        "EMAIL_HOST_USER": unquote(address.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(address.password or ""),
        "EMAIL_USE_TLS": address.scheme == "smtp+starttls",
        "EMAIL_USE_SSL": address.scheme == "smtps",
        "EMAIL_TIMEOUT": 10,
    }
