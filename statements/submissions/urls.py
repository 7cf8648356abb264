"""The public form and the private page, in every language of the interface."""

from django.urls import path, register_converter

from statements.converters import Handle
from statements.submissions import private, views
from statements.submissions.forms import STEPS


class Step(Handle):
    regex = "|".join(STEPS)


register_converter(Step, "step")

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
