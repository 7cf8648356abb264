"""What a log must not hold: the secret of a private link (R-TO2), and all that makes a flood."""

import logging
import re

# As statements/tokens.py makes them: 43 letters, digits, hyphens and underscores.
TOKEN = re.compile(r"(?<=/)[A-Za-z0-9_-]{43}(?=/)")
# What a line says in JSON. No more: the request, with its address, hangs on the records of Django.
IN_JSON = {"asctime": "at", "levelname": "level", "name": "logger"}


class WithoutTokens(logging.Filter):
    """Put an ellipsis in the place of a token in any address that a line names."""

    def filter(self, record: logging.LogRecord) -> bool:
        words = record.getMessage()
        if TOKEN.search(words):
            record.msg, record.args = TOKEN.sub("…", words), ()
        return True


class WithoutReaders(logging.Filter):
    """Of gunicorn's own lines: drop those about what was no request, which bring an address and a
    piece of what was sent, and take out of those about a fault what was asked for."""

    def filter(self, record: logging.LogRecord) -> bool:
        words = record.getMessage()
        if words.startswith("Error handling request"):
            record.msg, record.args = "Error handling a request", ()
        return not words.startswith("Invalid request")


class WithoutRefusals(logging.Filter):
    """Drop the line for each visitor who was told to come back later: a flood would fill the disk.

    Where something was at fault, such as a database that is away, its line stays.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        return getattr(record, "status_code", None) != 503 or bool(record.exc_info)
