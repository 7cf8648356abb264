"""Parts of addresses that several features have: {handle} names something, {token} opens it."""

from django.urls import register_converter


class Handle:
    regex = "[a-z0-9]{12}"

    def to_python(self, value: str) -> str:
        return value

    to_url = to_python


class Token(Handle):
    """As statements/tokens.py makes them."""

    regex = "[A-Za-z0-9_-]{43}"


register_converter(Handle, "handle")
register_converter(Token, "token")
