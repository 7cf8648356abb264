"""What a log must not hold: the secret part of a private link (R-TO2)."""

import logging
import re

# As statements/tokens.py makes them: 43 letters, digits, hyphens and underscores.
TOKEN = re.compile(r"(?<=/)[A-Za-z0-9_-]{43}(?=/)")


class WithoutTokens(logging.Filter):
    """Put an ellipsis in the place of a token in any address that a line names."""

    def filter(self, record: logging.LogRecord) -> bool:
        words = record.getMessage()
        if TOKEN.search(words):
            record.msg, record.args = TOKEN.sub("…", words), ()
        return True
