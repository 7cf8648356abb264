"""The public form and the private page, in every language of the interface."""

from django.urls import path, register_converter

from statements.submissions import private, views
from statements.submissions.forms import STEPS


class Handle:
    regex = "[a-z0-9]{12}"

    def to_python(self, value: str) -> str:
        return value

    to_url = to_python


class Token(Handle):
    regex = "[A-Za-z0-9_-]{43}"


class Step(Handle):
    regex = "|".join(STEPS)


register_converter(Handle, "handle")
register_converter(Step, "step")
register_converter(Token, "token")

app_name = "submissions"
urlpatterns = [
    path("submit/", views.submit, name="submit"),
    path("submit/<handle:handle>/<step:step>/", views.step, name="step"),
    path("submissions/<token:token>/", private.link, name="link"),
    path("submissions/<handle:handle>/", private.submission, name="submission"),
    path("submissions/<handle:handle>/sent/", private.sent, name="sent"),
    path("submissions/<handle:handle>/correct/", private.correct, name="correct"),
    path("submissions/<handle:handle>/proposal/", private.proposal, name="proposal"),
    path("submissions/<handle:handle>/withdraw/", private.withdraw, name="withdraw"),
]
