"""Pages for whoever publishes a statement elsewhere, and files in every language."""

from statements.exports import event, republishing
from statements.models import FormerSlug
from statements.pages.addresses import follows_former
from statements.pages.routes import page

former = follows_former(FormerSlug.Noun.TEXT)

app_name = "republishing"
urlpatterns = [
    page("statements/<str:slug>/republish/", former(republishing.republish), name="republish"),
    page("statements/<str:slug>/card/", former(republishing.card), name="card"),
    *(
        page(
            f"events/<str:slug>.{form.extension}",
            follows_former(FormerSlug.Noun.EVENT)(event.event_as(form)),
            name=f"event_{form.extension}",
        )
        for form in event.FORMATS
    ),
]
