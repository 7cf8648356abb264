"""What every page may show: the site's own texts, read when a template asks for them."""

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from statements.models import SiteText


def site(request: HttpRequest) -> dict:
    texts = SimpleLazyObject(SiteText.objects.for_language)
    return {
        "site": texts,
        "takes_submissions": settings.SUBMISSIONS_OPEN
        and SimpleLazyObject(lambda: not texts.site.submissions_closed),
        "is_followed_by_mail": settings.NEWSLETTER_OPEN,
        "takes_followers": settings.NEWSLETTER_OPEN
        and SimpleLazyObject(lambda: not texts.site.following_closed),
    }
