"""How gunicorn serves the site: read by itself when it starts in this folder.

It speaks to a reverse proxy and never to the public: a hundred slow connections would stop it.
"""

import gc
import importlib
import os
from pathlib import Path

wsgi_app = "solidarity.wsgi"
bind = os.environ.get("BIND") or f"127.0.0.1:{os.environ.get('PORT') or 8000}"

workers = int(os.environ.get("WEB_CONCURRENCY") or 2)
# For pages alone, not for what manage.py does: no query takes longer (R-OP9).
raw_env = [f"STATEMENT_SECONDS={os.environ.get('STATEMENT_SECONDS') or 5}"]
worker_class = "gthread"
# More than the site works on at once (solidarity/shedding.py): the others answer what is kept, and
# turn away whoever is too many.
threads = 24
# Read the code once and fork: less memory, and a fault in the settings ends the start at once.
preload_app = True

timeout = 30
graceful_timeout = 30
# A new process now and then, against leaks. What one keeps in memory goes with it, and kept pages
# are thousands a minute: so not too often.
max_requests = 50_000
max_requests_jitter = 5_000
limit_request_line = 4094
limit_request_fields = 50
limit_request_field_size = 4094
# Whatever a proxy lets through: where the site begins is not said by whoever asks.
forwarder_headers = ""

# The heartbeat file in memory: on a slow disk a busy worker would look dead.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108
# It would be written into the home folder, and a read-only container has none.
control_socket_disable = True

# No access log: its lines are addresses of people and what they read.
accesslog = None
loglevel = "warning"


def on_starting(server: object) -> None:
    """Nor a line for whoever sends what is no request: it would name them and what they sent."""
    from solidarity.logs import WithoutReaders

    server.log.error_log.addFilter(WithoutReaders())


def when_ready(_server: object) -> None:
    """Before processes are forked: count from nothing, and set apart what they all share, which is
    the site's code.

    Python looks through all there is for garbage now and then. With the code in it, that takes as
    long as a page, in the middle of one; and what is touched is no longer shared.
    """
    from django.conf import settings

    from solidarity import metrics

    # Reads the code of all pages.
    importlib.import_module(settings.ROOT_URLCONF)
    if settings.METRICS_FOLDER:
        metrics.forget(settings.METRICS_FOLDER)
    gc.collect()
    gc.freeze()
