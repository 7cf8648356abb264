"""Editors enter what became of demands and persons, never without a source."""

import re
from io import StringIO

from django.contrib.admin import site
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.utils.html import strip_tags

from statements.admin.updates import form_of
from statements.models import (
    AuditEntry,
    Demand,
    DemandUpdate,
    Person,
    PersonUpdate,
    Source,
    Text,
)
from tests.admin.signed_in import EditorTestCase, make_staff
from tests.factories import make_demand, make_source, make_update

RELEASED = {
    "state": "released",
    "happened_0": "",
    "happened_1": "2020-08-20",
    "quotation_language": "en",
    "language": "en",
}
NEW = {"publication": "Example Gazette", "url": "https://example.org/free", "published_1": "2020"}


def words_of(page):
    return re.sub(r"\s+", " ", strip_tags(page.content.decode()))


class DemoTests(EditorTestCase):
    """The story of the two whom the demo's own statement names; the outcome is made up here."""

    def test_one_of_two_is_released(self):
        call_command("load_demo", stdout=StringIO())
        people = [Person.objects.get(slug=s) for s in ("pavel-katarzhevski", "yury-glushakov")]
        demand = Demand.objects.get(people=people[0])
        text = Text.objects.get(slug="russian-socialist-movement-on-belarus")
        page = f"/admin/statements/person/{people[0].pk}/updates/"
        before = text.live_revision

        self.assertEqual([person.state for person in people], ["unknown", "unknown"])
        self.assertEqual(DemandUpdate.objects.filter(demand__is_example=False).count(), 0)
        withdrawn = Demand.objects.get(state="withdrawn")
        self.assertIn("Struck through on", self.read(withdrawn))
        self.assertIn("0 of 2 named persons released", self.read(demand))
        self.assertIn("0 of 2 named persons released", self.read(text))
        self.assertIn("Raised 12 August 2020", self.read(text))

        refused = self.client.post(page, RELEASED)
        self.assertContains(refused, "Nothing is entered without a source")
        form = form_of(PersonUpdate)(RELEASED, site=site, is_correction=False)
        self.assertEqual(list(form.errors), ["source"])
        with self.assertRaises(IntegrityError), transaction.atomic():
            PersonUpdate.objects.create(
                person=people[0], state="released", happened=before.text.statement.source.published
            )
        self.assertEqual(PersonUpdate.objects.count(), 0)

        done = self.client.post(page, RELEASED | NEW, follow=True)
        self.assertContains(done, "Entered: the state is what the updates say now.")

        now = "Partly met 1 of 2 named persons released as of 20 August 2020"
        self.assertIn(now, self.read(demand))
        read = self.read(text)
        self.assertIn("Partly met 20 August 2020 1 of 2 named persons released", read)
        self.assertIn("Released as of 20 August 2020", read)
        after = Text.objects.get(pk=text.pk).live_revision
        self.assertEqual(
            (after.pk, after.number, after.fingerprint, after.body),
            (before.pk, before.number, before.fingerprint, before.body),
        )

    def read(self, record):
        return words_of(self.client.get(record.get_absolute_url()))


class EnteringTests(EditorTestCase):
    def test_one_source_for_several_demands_in_one_go(self):
        demands = [make_demand() for _n in range(3)]
        chosen = {"action": "enter_updates", "_selected_action": [one.pk for one in demands[:2]]}
        to = self.client.post("/admin/statements/demand/", chosen)["Location"]
        self.assertContains(self.client.get(to), str(demands[0]))

        self.client.post(to, RELEASED | {"state": "refused"} | NEW)
        # Sent twice, it is entered once.
        self.client.post(to, RELEASED | {"state": "refused"} | NEW)

        states = Demand.objects.order_by("pk").values_list("state", flat=True)
        self.assertEqual(list(states), ["refused", "refused", "raised"])
        source = Source.objects.get()
        self.assertEqual((source.publication, str(source.published)), ("Example Gazette", "2020"))
        self.assertEqual(source.demandupdates.count(), 2)

    def test_a_correction_keeps_what_it_corrects(self):
        demand, source = make_demand(), make_source()
        wrong = make_update(demand, "met", "2020-08", source=source)
        page = f"/admin/statements/demand/{demand.pk}/updates/"
        opened = self.client.get(f"{page}?corrects={wrong.pk}")
        self.assertContains(opened, 'value="2020-08"')
        data = RELEASED | {"state": "acknowledged", "source": source.pk, "note": "An offer only."}

        unsaid = self.client.post(f"{page}?corrects={wrong.pk}", data | {"note": " "})
        self.assertContains(unsaid, "Say what was wrong.")
        self.client.post(f"{page}?corrects={wrong.pk}", data)

        right = DemandUpdate.objects.get(corrects=wrong)
        self.assertEqual((right.entered_by, right.note), (self.editor, "An offer only."))
        self.assertContains(self.client.get(page), "<s>met</s>", 1)
        self.assertEqual(self.client.get(f"{page}?corrects={wrong.pk}").status_code, 404)
        self.assertEqual(AuditEntry.objects.filter(act="correct-update").count(), 1)

    def test_what_is_still_to_come_is_refused(self):
        demand = make_demand()
        page = f"/admin/statements/demand/{demand.pk}/updates/"
        answer = self.client.post(
            page, RELEASED | {"state": "met", "happened_1": "2999-01-01"} | NEW
        )
        self.assertContains(answer, "This day is still to come.")
        self.assertContains(answer, 'value="Example Gazette"')
        answer = self.client.post(page, RELEASED | NEW | {"state": "met", "publication": ""})
        self.assertContains(answer, "Say who published it")
        self.assertContains(answer, 'value="https://example.org/free"')

    def test_a_moderator_reads_the_updates_and_enters_none(self):
        demand = make_demand()
        make_update(demand, "met")
        self.client.force_login(make_staff("mod", "Moderators"))
        page = f"/admin/statements/demand/{demand.pk}/updates/"

        self.assertNotContains(self.client.get(page), "Enter an update")
        self.assertEqual(self.client.post(page, RELEASED | NEW).status_code, 404)
        self.assertEqual(DemandUpdate.objects.count(), 1)
