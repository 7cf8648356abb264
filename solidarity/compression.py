"""Answers are compressed where that makes them smaller; docs/security.md says why it is safe."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.middleware.gzip import GZipMiddleware

# Pictures and PDFs are compressed already: once more costs time, and their size would be unknown.
WORTH_IT = {
    "application/atom+xml",
    "application/feed+json",
    "application/javascript",
    "application/json",
    "application/manifest+json",
    "application/problem+json",
    "application/rss+xml",
    "application/xml",
    "image/svg+xml",
}


# Fewer bytes than that become more.
LEAST = 200


def is_worth_it(content_type: str, size: int) -> bool:
    kind = content_type.partition(";")[0].strip().lower()
    return size >= LEAST and (kind.startswith("text/") or kind in WORTH_IT)


class CompressionMiddleware(GZipMiddleware):
    """Compresses text, whatever it is for, and leaves all else as it is, `Vary` too."""

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        size = LEAST if response.streaming else len(response.content)
        if is_worth_it(response.get("Content-Type", ""), size):
            return super().process_response(request, response)
        return response
