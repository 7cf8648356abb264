"""The unit of measure as gunicorn serves it: Django, and nothing of ours."""

from django.conf import settings
from django.core.wsgi import get_wsgi_application

settings.configure(
    SECRET_KEY="bare",
    ALLOWED_HOSTS=["127.0.0.1"],
    ROOT_URLCONF="tests.bench.bare",
    MIDDLEWARE=[],
    # gunicorn.conf.py asks.
    METRICS_FOLDER="",
)
application = get_wsgi_application()
