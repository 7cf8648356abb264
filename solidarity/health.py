"""Ask the site on this machine whether it answers: `python -m solidarity.health`; or, with the
address `/readyz` after it, whether it can do its work.

For container engines: it needs no curl, and asks under the host name that the site expects.
"""

import http.client
import os
import sys
from urllib.parse import urlsplit


def is_answering(address: str = "/healthz") -> bool:
    """Whether that address answers 200 within a few seconds."""
    port = int(os.environ.get("PORT") or 8000)
    host = urlsplit(os.environ.get("SITE_URL", "")).hostname or "127.0.0.1"
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", address, headers={"Host": host})
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


if __name__ == "__main__":
    sys.exit(0 if is_answering(*sys.argv[1:2]) else 1)
