"""The whole site map: one include per feature."""

from django.contrib import admin
from django.urls import include, path

# Pages for people: unprefixed in the default language, else /de/…, /ar/….
in_every_language = [
    path("", include("statements.pages.urls")),
    path("admin/", admin.site.urls),
    path("account/", include("statements.account.urls")),
    path("", include("statements.submissions.urls")),
    path("", include("statements.newsletter.urls")),
    path("", include("statements.exports.page_urls")),
    path("", include("statements.verify.urls")),
    path("", include("statements.api.page_urls")),
    path("", include("statements.data.page_urls")),
]
# Files and answers for programs have one address.
with_one_address = [
    path("", include("statements.pages.plain_urls")),
    path("", include("statements.exports.urls")),
    path("", include("statements.feeds.urls")),
    path("", include("statements.sitemap.urls")),
    path("", include("statements.api.urls")),
    path("", include("statements.data.urls")),
]
