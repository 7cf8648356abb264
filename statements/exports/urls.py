"""Files to carry away: one address, no language."""

from statements.exports import calendar, republishing, sharing
from statements.exports.statement import FORMATS, statement_as
from statements.models import FormerSlug
from statements.pages.addresses import follows_former
from statements.pages.routes import page

# A subscribed calendar asks at the address that it was given for ever.
event_calendar = follows_former(FormerSlug.Noun.EVENT)(calendar.event_calendar)

app_name = "exports"
urlpatterns = [
    page("oembed", republishing.oembed, name="oembed"),
    page("events.ics", calendar.site_calendar, name="calendar"),
    page("events/<str:slug>.ics", event_calendar, name="event_calendar"),
    page(
        "statements/<str:slug>.png",
        follows_former(FormerSlug.Noun.TEXT)(sharing.picture),
        name="statement_picture",
    ),
    *(
        page(
            f"statements/<str:slug>.{form.extension}",
            follows_former(FormerSlug.Noun.TEXT)(statement_as(form)),
            name=f"statement_{form.extension}",
        )
        for form in FORMATS
    ),
]
