"""What every page may show: the site's own texts, read when a template asks for them."""

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from statements.models import SiteText


def site(request: HttpRequest) -> dict:
    return {
        "site": SimpleLazyObject(SiteText.objects.for_language),
        "takes_submissions": settings.SUBMISSIONS_OPEN,
        "is_followed_by_mail": settings.NEWSLETTER_OPEN,
    }
