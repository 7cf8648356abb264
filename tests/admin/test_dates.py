import pytest
from django.test import SimpleTestCase, TestCase

from statements.admin.dates import PartialDateFormField, PartialDatesForm
from statements.dates import PartialDate, refusal
from statements.models import Source
from tests.factories import make_source

# What is asked here is the same on any database.
pytestmark = pytest.mark.once


class SourceForm(PartialDatesForm):
    published = PartialDateFormField(label="published")

    class Meta:
        model = Source
        fields = ["publication"]


class PartialDateFormTests(TestCase):
    def save(self, source, bound, day):
        form = SourceForm(
            {"publication": "Gazette", "published_0": bound, "published_1": day}, instance=source
        )
        self.assertEqual(form.errors, {})
        form.save()
        return Source.objects.get(pk=source.pk).published

    def test_each_kind_of_date_is_stored_and_shown_again_as_it_was_typed(self):
        for bound, day in (
            ("", "2020-08-12"),
            ("", "2020-08"),
            ("", "2020"),
            ("before", "2020-08-09"),
            ("after", "2020-08-09"),
        ):
            source = make_source(published=None)

            stored = self.save(source, bound, day)

            self.assertEqual(stored, PartialDate.parse(f"{bound} {day}"))
            form = SourceForm(instance=source)
            self.assertEqual(
                form["published"].field.widget.decompress(form["published"].value()), [bound, day]
            )

    def test_an_emptied_date_is_none(self):
        self.assertIsNone(self.save(make_source(), "", ""))

    def test_only_a_changed_date_counts_as_changed(self):
        source = make_source(published="before 2020-08-09")
        data = {"publication": source.publication, "published_0": "before"}

        same = SourceForm(data | {"published_1": "2020-08-09"}, instance=source)
        other = SourceForm(data | {"published_1": "2020-08"}, instance=source)

        self.assertEqual((same.changed_data, other.changed_data), ([], ["published"]))


class RefusalTests(SimpleTestCase):
    def test_what_is_not_a_date_is_refused_with_the_notation(self):
        refused = ("soon", "31.12.2020", "31 February", "12 August 2020", "2020-8-", "١٢")
        for bound, day in (("before", ""), *(("", day) for day in refused)):
            with self.subTest(bound=bound, day=day):
                form = SourceForm({"publication": "G", "published_0": bound, "published_1": day})
                self.assertEqual(form.errors, {"published": [refusal()]})

    def test_a_day_that_the_calendar_does_not_have_is_refused_as_that(self):
        for bound, day in (("", "2020-02-31"), ("", "2020-13"), ("before", "0000")):
            with self.subTest(bound=bound, day=day):
                form = SourceForm({"publication": "G", "published_0": bound, "published_1": day})
                self.assertEqual(
                    form.errors, {"published": [f"There is no {day} in the calendar."]}
                )
                self.assertIn(f'value="{day}"', str(form["published"]))

    def test_a_required_date_is_asked_for(self):
        with self.assertRaisesMessage(Exception, "This field is required."):
            PartialDateFormField(required=True).clean(["", ""])
