"""How what strangers sent is shown to them."""

from django import template
from django.utils.safestring import SafeString

from statements import markup
from statements.plain import pasted

register = template.Library()


@register.filter
def as_paragraphs(text: str) -> SafeString:
    """Plain text as the paragraphs that would be published."""
    return markup.safe_html(markup.paragraphs(pasted(text)))
