"""What of a record can be carried away."""

from django import template
from django.urls import reverse

from statements import markup
from statements.absolute import absolute
from statements.exports import event, picture
from statements.exports.republishing import oembed_address
from statements.exports.statement import Format, formats
from statements.reading.statement import Reading

register = template.Library()
register.filter("lowered", markup.lowered)
register.filter("oembed_address", oembed_address)


@register.simple_tag
def file_formats() -> list[Format]:
    """The formats in which a statement is to be had on this machine."""
    return formats()


@register.simple_tag
def event_formats() -> list[Format]:
    """The same for an event."""
    return event.formats()


@register.inclusion_tag("exports/_picture.html")
def shared_picture(reading: Reading) -> dict:
    """What the head of a statement's page says of the picture that is shown where it is shared.

    Its address is another one after a change, such as of how a name is shown, so that nobody goes
    on showing the old one.
    """
    text, (width, height) = reading.text, picture.SIZE
    names = [author.name for author in reading.authors]
    address = absolute(reverse("exports:statement_picture", args=[text.slug]))
    return {
        "url": f"{address}?{text.changed_at:%Y%m%d%H%M%S}",
        "width": width,
        "height": height,
        "words": picture.description_of(reading.page.plain_title, names),
    }
