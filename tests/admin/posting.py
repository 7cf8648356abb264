"""What a browser posts from the forms of the admin, and an editor who sends them."""

from django.contrib.auth import get_user_model
from django.test import TestCase

LIST = "/admin/statements/statement/"


class Posted(dict):
    """What a browser would post from the page: every field as the form shows it."""


def posted_from(response) -> Posted:
    """The data of a rendered form, rows and all, as a browser sends it unchanged."""
    data = Posted()
    form = response.context["adminform"].form
    formsets = [one.formset for one in response.context["inline_admin_formsets"]]
    for bound in form:
        _add(data, bound)
    for formset in formsets:
        _add_formset(data, formset)
    return data


def _add_formset(data, formset):
    for bound in formset.management_form:
        _add(data, bound)
    for row in formset.forms:
        for bound in row:
            _add(data, bound)
        if hasattr(row, "quotations"):
            _add_formset(data, row.quotations)


def _add(data, bound):
    value = bound.value()
    widget = bound.field.widget
    if hasattr(widget, "decompress"):
        parts = value if isinstance(value, list) else widget.decompress(value)
        for index, part in enumerate(parts):
            data[f"{bound.html_name}_{index}"] = part
    elif isinstance(value, (list, tuple)):
        data[bound.html_name] = [
            str(getattr(one, "name", None) or getattr(one, "pk", one)) for one in value
        ]
    elif value is True:
        data[bound.html_name] = "on"
    elif value is not None and value is not False:
        data[bound.html_name] = str(getattr(value, "value", value))


class EditorCase(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.user = get_user_model().objects.create_superuser("ed", "", "password")

    def setUp(self):
        self.client.force_login(self.user)

    def page(self, text):
        return f"{LIST}{text.statement_id}/change/"

    def opened(self, address):
        response = self.client.get(address)
        self.assertEqual(response.status_code, 200)
        return posted_from(response)

    def change(self, text, button="_continue", data=None, **changes):
        address = self.page(text)
        data = (data or self.opened(address)) | {button: "1"} | changes
        return self.client.post(address, data)
