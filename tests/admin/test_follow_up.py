"""What editors are told to look after: silence, and days that are near."""

from datetime import date, timedelta
from unittest import mock

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.html import escape

from statements.dates import PartialDate
from statements.models import Demand, Organisation, SafetyCheck, Text, Verification
from tests.admin.signed_in import EditorTestCase, make_staff
from tests.factories import (
    make_demand,
    make_demand_made,
    make_event,
    make_naming,
    make_organisation,
    make_person,
    make_text,
    make_update,
)

TODAY = date(2022, 1, 10)
MODULE = "statements.admin.followup.timezone"
PAGE = "/admin/statements/demand/follow-up/"


class FollowUpTests(EditorTestCase):
    def setUp(self):
        super().setUp()
        today = mock.patch(f"{MODULE}.localdate", return_value=TODAY)
        today.start()
        self.addCleanup(today.stop)

    def lines(self, query=""):
        page = self.client.get(PAGE + query)
        return {
            pile.key: [(str(line.record), *line.told) for line in pile.lines]
            for pile in page.context["piles"]
        }

    def make_asked(self, wording, raised, *updates):
        demand = make_demand(wording)
        make_demand_made(make_text(issued=raised), demand=demand)
        for state, day in updates:
            make_update(demand, state, day)
        return demand

    def make_held(self, name, *updates, **fields):
        person = make_person(name, **fields)
        make_naming(make_text(issued="2022-01-09"), person)
        for state, day in updates:
            make_update(person, state, day)
        return person

    def test_what_a_row_offers_to_do_is_a_part_of_its_link(self):
        demand = self.make_asked("Old", "2020-01-10")

        page = self.client.get(PAGE)

        link = (
            f'<a href="/admin/statements/demand/{demand.pk}/updates/"><bdi>Old</bdi>'
            ' <span class="pile-act">Add an update</span></a>'
        )
        self.assertInHTML(link, page.content.decode())

    def test_demands_and_people_without_news_stand_there_the_longest_wait_first(self):
        self.make_asked("Young", "2022-01-01")
        self.make_asked("Met", "2020-01-01", ("met", "2020-02-01"))
        self.make_asked("Talks", "2020-01-01", ("negotiated", "2021-10-12"))
        old = self.make_asked("Old", "2020-01-10")
        make_demand("Draft")
        self.make_held("Bo", ("arrested", "2021-06"))
        self.make_held("Ada", ("arrested", "2021-01-10"), ("on-trial", "2021-02-01"))
        self.make_held("Free", ("arrested", "2020-01-09"), ("released", "2020-02-01"))

        self.make_held("Merely named")
        make_demand_made(make_text(issued="2022-01-09"), people=[make_person("Asked for")])

        found = self.lines()

        self.assertEqual(
            found["demands"],
            [
                ("Old", "raised", "no news for 731 days"),
                ("Talks", "negotiated", "no news for 90 days"),
            ],
        )
        self.assertEqual(
            found["persons"],
            [
                ("Ada", "on trial", "no news for 343 days", "365 days in custody"),
                ("Bo", "arrested", "no news for 194 days", "at least 194 days in custody"),
                ("Asked for", "unknown", "no entry yet"),
            ],
        )
        self.assertEqual(self.lines("?days=400")["demands"], found["demands"][:1])
        page = self.client.get(PAGE)
        self.assertContains(page, f'href="/admin/statements/demand/{old.pk}/updates/"')
        self.assertContains(self.client.get("/admin/"), f'href="{PAGE}"')

    def test_public_addresses_that_tell_a_name_not_shown_in_full_stand_there(self):
        amina = make_person("Amina Okoye", is_at_risk=False, shown_as="withheld")
        amina.names.create(language="de", name="Amina Okoye-Weiß")
        named, draft = make_text("Freedom for Okoye", slug="for-okoye"), make_text(published=False)
        for text in (named, draft):
            make_naming(text, amina, "Amina Okoye")
        Text.objects.filter(pk=named.pk).update(slug="freedom-for-okoye")
        Text.objects.filter(pk=draft.pk).update(slug="a-draft-for-okoye")
        make_text("Letter", slug="letter-amina-okoye-weiß")
        # Of somebody else, or of nobody: a part of a name tells where the person is spoken of.
        make_text("Other", slug="okoye-street"), make_text("Okoyes", slug="amina-okoyes")
        make_naming(make_text("In full", slug="bo-in-full"), make_person("Bo Full"))
        event = make_event("March", slug="march-for-amina-okoye")
        make_text("March", events=[event])
        demand = make_demand("Free her", slug="free-okoye", people=[amina])
        make_demand_made(make_text("They ask", slug="ask"), demand=demand)
        Demand.objects.filter(pk=demand.pk).update(slug="free-okoye")

        self.assertEqual(self.lines()["addresses"], [])
        asked = f"{PAGE}?days=90&only=addresses"
        self.assertContains(self.client.get(PAGE), escape(asked.removeprefix(PAGE)))
        self.assertEqual(
            self.lines("?days=90&only=addresses")["addresses"],
            [
                ("Freedom for Okoye", "\u2068freedom-for-okoye\u2069"),
                ("Letter", "\u2068letter-amina-okoye-weiß\u2069"),
                ("Free her", "\u2068free-okoye\u2069"),
                ("March", "\u2068march-for-amina-okoye\u2069"),
            ],
        )
        form = f'href="/admin/statements/statement/{named.statement_id}/change/#id_slug"'
        self.assertContains(self.client.get(asked), form)

    def test_days_that_are_near_are_told(self):
        self.make_held("Ada", ("arrested", "2019-01-12"))
        self.make_held("Bo", ("arrested", "2021-03-12"))
        self.make_held("Cy", ("arrested", "2021-01-12"), ("released", "2021-02-01"))
        for name, day in (("Vote", "2020-02-08"), ("March", "2020-02-09"), ("Year", "2021")):
            event = make_event(name, start=PartialDate.parse(day))
            make_text(events=[event])
        self.make_asked("Free Ada", "2020-01-20")
        self.make_asked("Pay", "2020-01-20", ("met", "2020-05-01"))
        self.make_asked("Later", "2020-06-20")
        person = make_person(is_at_risk=True)
        text = make_text("Appeal", published=False)
        make_naming(text, person)
        make_text("Far")
        SafetyCheck.objects.all().delete()
        check = SafetyCheck.objects.create(
            statement=make_text("Near").statement,
            agreed="yes",
            wished="yes",
            review_on=TODAY + timedelta(5),
        )

        found = self.lines()

        self.assertEqual(found["arrests"], [("Ada", "3 years on 12 January 2022")])
        self.assertEqual(found["raised"], [("Free Ada", "raised", "2 years on 20 January 2022")])
        self.assertEqual(found["events"], [("Vote", "2 years on 8 February 2022")])
        self.assertEqual(found["reviews"], [("Near", "Due on 15 January 2022")])
        self.assertContains(
            self.client.get(PAGE), f"/admin/statements/statement/{check.statement_id}/safety/"
        )

    def test_anniversaries_stand_in_the_order_in_which_they_return_over_the_end_of_a_year(self):
        days = ("2020-01-08", "2019-12-15", "2019-12-14", "2018-12-31", "2020-01-14", "2017-01-01")
        for day in days:
            make_text(events=[make_event(day, start=PartialDate.parse(day))])

        with mock.patch(f"{MODULE}.localdate", return_value=date(2021, 12, 15)):
            found = [name for name, _told in self.lines()["events"]]

        self.assertEqual(found, ["2019-12-15", "2018-12-31", "2017-01-01", "2020-01-08"])

    def test_a_leap_day_returns_the_day_before_its_month_ends(self):
        make_text(events=[make_event("Vote", start=PartialDate.parse("2020-02-29"))])

        for today, told in (
            (date(2022, 1, 29), []),
            (date(2022, 1, 30), [("Vote", "2 years on 28 February 2022")]),
            (date(2022, 2, 28), [("Vote", "2 years on 28 February 2022")]),
            (date(2022, 3, 1), []),
            (date(2024, 2, 29), [("Vote", "4 years on 29 February 2024")]),
        ):
            with (
                self.subTest(today=today),
                mock.patch(f"{MODULE}.localdate", return_value=today),
            ):
                self.assertEqual(self.lines()["events"], told)

    def test_a_demand_to_be_looked_at_again_is_listed_when_its_day_is_near(self):
        for wording, days in (("Far", 31), ("Near", 30), ("Late", -3)):
            make_demand(wording, review_on=TODAY + timedelta(days))

        found = self.lines()["due"]

        self.assertEqual(
            found,
            [
                ("Late", "raised", "Due on 7 January 2022"),
                ("Near", "raised", "Due on 9 February 2022"),
            ],
        )
        demand = Demand.objects.get(wording="Far")
        form = self.client.get(f"/admin/statements/demand/{demand.pk}/change/")
        self.assertContains(form, 'name="review_on" value="2022-02-10"')

    def test_verifications_that_run_out_are_told_to_those_who_can_renew_them(self):
        for name, until in (
            ("Run out", date(2021, 12, 31)),
            ("Near", date(2022, 1, 20)),
            ("Far", date(2022, 3, 1)),
            ("Not public", date(2022, 1, 20)),
        ):
            organisation = make_organisation(name)
            if name != "Not public":
                make_text(organisations=[organisation])
            Verification.objects.create(organisation=organisation, method="editors", until=until)
        renewed = Organisation.objects.get(name="Near")
        old = Verification.objects.create(
            organisation=renewed, method="mail", until=date(2021, 1, 1), is_current=False
        )
        self.assertEqual(renewed.verifications.count(), 2)

        self.assertEqual(
            self.lines()["verifications"],
            [
                ("Run out", "the editors know it", "valid until 31 December 2021"),
                ("Near", "the editors know it", "valid until 20 January 2022"),
            ],
        )
        self.assertContains(self.client.get(PAGE), f"/organisation/{old.organisation_id}/verify/")
        self.client.force_login(make_staff("writer", "Editors"))
        self.assertNotIn("verifications", self.lines())

    def test_what_a_page_cannot_hold_is_on_further_ones(self):
        with (
            mock.patch("statements.admin.followup.MOST", 2),
            mock.patch("statements.admin.piles.MOST", 2),
        ):
            for number in range(1, 6):
                make_demand(f"No. {number}", review_on=TODAY - timedelta(9 - number))
            seen = [
                self.lines()["due"],
                *(self.lines(f"?only=due&page={n}")["due"] for n in (2, 3)),
            ]
            page = self.client.get(PAGE)

        self.assertEqual(
            [[line[0] for line in lines] for lines in seen],
            [["No. 1", "No. 2"], ["No. 3", "No. 4"], ["No. 5"]],
        )
        self.assertContains(page, '<a href="?days=90&amp;only=due&amp;page=2">The next ones</a>')
        self.assertContains(page, "These are 1 to 2.")

    def test_no_record_adds_a_query_whoever_asks(self):
        """Nor does a name that is not shown: what tells it is looked for on a page of its own."""

        def count(query=""):
            with CaptureQueriesContext(connection) as found:
                self.client.get(PAGE + query)
            return len(found)

        def add():
            person = make_person("Cy Okoye", shown_as="withheld")
            make_naming(make_text(slug=f"of-cy-okoye-{person.pk}"), person)
            make_text(events=[make_event("March", slug=f"for-cy-okoye-{person.pk}")])
            self.make_asked("Old", "2020-01-10")
            self.make_held("Ada", ("arrested", "2021-01-12"))
            make_text(events=[make_event(start=PartialDate.parse("2020-01-12"))])
            make_demand("Due", review_on=TODAY)
            organisation = make_organisation(f"Union {person.pk}")
            near = make_text(organisations=[organisation]).statement
            Verification.objects.create(organisation=organisation, method="editors", until=TODAY)
            SafetyCheck.objects.create(
                statement=near, agreed="yes", wished="yes", review_on=TODAY + timedelta(5)
            )

        boss = make_staff("boss", is_superuser=True)
        accounts = {"boss": boss, "publisher": self.editor, "editor": make_staff("e", "Editors")}
        # One row fills a page, so that what is counted is counted too.
        with (
            mock.patch("statements.admin.followup.MOST", 1),
            mock.patch("statements.admin.piles.MOST", 1),
        ):
            found = {}
            for _round in range(2):
                add(), add()
                for name, account in accounts.items():
                    self.client.force_login(account)
                    self.client.get(PAGE)
                    found.setdefault(name, []).append((count(), count("?only=addresses")))

        self.assertEqual(
            found,
            {
                "boss": [(13, 7), (13, 7)],
                "publisher": [(14, 8), (14, 8)],
                "editor": [(13, 8), (13, 8)],
            },
        )
