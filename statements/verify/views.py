"""Is this text real? Nothing that is asked here is kept, logged or counted."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from statements import limits
from statements.canonical import read_fingerprint
from statements.verify import matching
from statements.verify.forms import VerifyForm
from statements.verify.matching import How, Match

MOST_AN_HOUR = 120


@dataclass(frozen=True)
class Answer:
    matches: list[Match] = field(default_factory=list)
    is_file: bool = False

    @property
    def is_near(self) -> bool:
        return any(match.how == How.NEAR for match in self.matches)


# Nothing is changed by a question: whoever makes others ask gains nothing, and readers need no
# cookie.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return render(request, "verify/verify.html", {"form": VerifyForm()})
    form = VerifyForm(request.POST, request.FILES)
    wait = limits.hit_from("verify", request, most=MOST_AN_HOUR, seconds=3600)
    answer = _answer(form) if not wait and form.is_valid() else None
    context = {"form": form, "answer": answer, "wait": wait and -(-wait // 60)}
    response = render(request, "verify/verify.html", context, status=429 if wait else 200)
    if wait:
        response.headers["Retry-After"] = str(wait)
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _answer(form: VerifyForm) -> Answer:
    words, file = form.cleaned_data["words"], form.cleaned_data["file"]
    if file is not None:
        match = matching.by_file(file.read())
        return Answer([match] if match else [], is_file=True)
    if fingerprint := read_fingerprint(words):
        return Answer(matching.by_fingerprint(fingerprint))
    return Answer(matching.by_words(words))
