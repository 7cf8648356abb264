"""Pages for those who publish a statement elsewhere, in every language of the interface."""

from statements.exports import republishing
from statements.models import FormerSlug
from statements.pages.addresses import follows_former
from statements.pages.routes import page

former = follows_former(FormerSlug.Noun.TEXT)

app_name = "republishing"
urlpatterns = [
    page("statements/<str:slug>/republish/", former(republishing.republish), name="republish"),
    page("statements/<str:slug>/card/", former(republishing.card), name="card"),
]
