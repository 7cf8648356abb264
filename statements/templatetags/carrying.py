"""What of a record can be carried away."""

from django import template

from statements import markup
from statements.exports import event
from statements.exports.republishing import oembed_address
from statements.exports.statement import Format, formats

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
