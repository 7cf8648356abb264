"""Following by e-mail, in every language of the interface."""

from django.urls import path

from statements import converters  # noqa: F401  they are registered by it
from statements.models import FormerSlug
from statements.newsletter import private, views
from statements.pages.addresses import follows_former

Noun = FormerSlug.Noun

organisation = follows_former(Noun.ORGANISATION)(views.organisation)
event = follows_former(Noun.EVENT)(views.event)
demand = follows_former(Noun.DEMAND)(views.demand)
person = follows_former(Noun.PERSON)(views.person)

app_name = "newsletter"
urlpatterns = [
    path("follow/", views.site, name="site"),
    path("follow/organisations/<str:slug>/", organisation, name="organisation"),
    path("follow/events/<str:slug>/", event, name="event"),
    path("follow/demands/<str:slug>/", demand, name="demand"),
    path("follow/people/<str:slug>/", person, name="person"),
    path("follow/sent/", views.sent, name="sent"),
    path("follow/confirm/<token:token>/", private.confirm_link, name="confirm_link"),
    path("follow/confirm/<handle:handle>/", private.confirm, name="confirm"),
    path("follow/mine/<token:token>/", private.link, name="link"),
    path("follow/mine/<handle:handle>/", private.mine, name="mine"),
    path("follow/mine/<handle:handle>/leave/", private.leave_mine, name="leave_mine"),
    path("follow/leave/<token:token>/", private.leave, name="leave"),
    path("follow/left/", private.left, name="left"),
]
