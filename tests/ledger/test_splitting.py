"""A demand that is two becomes two: each row is with one of them, nothing is lost or doubled."""

from functools import partial
from unittest import skipUnless

from django.contrib.auth import get_user_model
from django.db import connection
from django.test import TestCase, TransactionTestCase
from django.test.utils import CaptureQueriesContext

from statements.ledger import merging, splitting
from statements.ledger import workflow as ledger
from statements.models import AuditEntry, Demand, DemandAsMade, Quotation
from statements.publishing import workflow
from tests.factories import (
    make_demand,
    make_demand_made,
    make_person,
    make_text,
    make_update,
)
from tests.ledger.test_merging import what_it_says
from tests.publishing.test_races import at_once


class SplitTests(TestCase):
    def setUp(self):
        self.by = get_user_model().objects.create_superuser("publisher")
        self.client.force_login(self.by)
        self.amina, self.basil = make_person("Amina Example"), make_person("Basil Example")
        self.demand = make_demand(
            "Free them and pay them", [self.amina, self.basil], kind="release", slug="free-and-pay"
        )
        self.free = make_text("One", issued="2020-08-01", body="<p>Free them.</p>")
        self.pay = make_text("Two", issued="2020-08-10", body="<p>Pay them! Now!</p>")
        make_demand_made(self.free, "Free them.", demand=self.demand)
        self.made = make_demand_made(self.pay, "Pay them!", demand=self.demand)
        make_demand_made(self.pay, "Now!", demand=self.demand)
        self.wrong = make_update(self.demand, "met", "2020-10-01")
        self.right = make_update(self.demand, "refused", "2020-10-02", corrects=self.wrong)
        make_update(self.amina, "released", "2020-09-01")
        self.page = f"/admin/statements/demand/{self.demand.pk}/split/"

    def post(self, **chosen):
        data = {"language": "en", "kind": "labour", "addressee": "", "known": ""} | chosen
        return self.client.post(self.page, data, follow=True)

    def test_what_is_chosen_goes_to_a_new_one_and_the_address_stays(self):
        before = what_it_says(self.demand)
        label = "\u2068Two\u2069 · the organisation · “\u2068Pay them!\u2069”"
        page = self.client.get(self.page)
        self.assertContains(page, label)
        self.assertContains(page, "Of the new wording.")
        self.assertNotContains(page, "language of the name")
        both = self.demand.demand_people.get(person=self.amina)

        answer = self.post(
            wording="Pay them", made=self.made.pk, updates=self.right.pk, both=both.pk
        )

        self.assertContains(answer, "the old demand is partly met now, and this one is refused.")
        new = Demand.objects.get(wording="Pay them")
        old, other = what_it_says(self.demand), what_it_says(new)
        self.assertEqual(
            (other["made"], [one[4] for one in other["quotations"]], other["raised"]),
            ([(self.pay.statement_id, "organisation")], ["Now!", "Pay them!"], "10 August 2020"),
        )
        self.assertCountEqual(
            [one[:2] for one in other["updates"]],
            [(self.wrong.pk, None), (self.right.pk, self.wrong.pk)],
        )
        self.assertEqual((other["people"], len(old["people"])), ([(self.amina.pk, None)], 2))
        self.assertEqual((old["updates"], old["raised"]), ([], "1 August 2020"))
        for name in ("made", "quotations", "updates"):
            self.assertEqual(
                sorted(old[name] + other[name], key=str), sorted(before[name], key=str)
            )
        self.assertEqual(self.client.get("/demands/free-and-pay/").status_code, 200)
        self.assertContains(self.client.get(new.get_absolute_url()), "Pay them!")
        entry = AuditEntry.objects.get(act="split")
        self.assertEqual(
            (entry.object_id, entry.after, entry.code),
            (self.demand.pk, f"demand-{new.pk}", "made-1-updates-2-people-0-both-1"),
        )

        # And back: as if it had never been split, but for one more wording and address.
        merging.merge(new, self.demand, by=self.by)
        again = what_it_says(self.demand)
        for name in ("made", "quotations", "updates", "people", "state", "raised"):
            self.assertEqual(again[name], before[name], name)

    def test_both_histories_tell_of_it(self):
        self.post(wording="Pay them", made=self.made.pk)

        new = Demand.objects.get(wording="Pay them")
        for one, words in (
            (self.demand, "A part of it went to “Pay them”."),
            (new, "It has a part of “Free them and pay them”."),
        ):
            history = self.client.get(f"/admin/statements/demand/{one.pk}/history/")
            self.assertContains(history, words)

    def test_a_statement_is_quoted_as_its_leading_text_says_it(self):
        french = make_text(statement=self.pay.statement, language="fr", body="<p>Payez !</p>")
        make_demand_made(french, "Payez !", demand=self.demand)
        foreign = make_text("Three", body="<p>Three.</p>")
        polish = make_text(statement=foreign.statement, language="pl", body="<p>Wolność</p>")
        make_demand_made(polish, "Wolność", demand=self.demand)

        page = self.client.get(self.page)

        self.assertContains(page, "“\u2068Pay them!\u2069” · “\u2068Now!\u2069”")
        self.assertNotContains(page, "Payez")
        self.assertContains(page, "Wolność")

    def test_into_one_that_is_here_a_making_joins_the_same_of_that_one(self):
        known = make_demand("Pay")
        make_demand_made(self.pay, "Now!", demand=known)

        self.post(known=known.pk, made=self.made.pk)

        self.assertEqual(known.made.count(), 1)
        self.assertEqual(
            sorted(Quotation.objects.filter(made__demand=known).values_list("words", flat=True)),
            ["Now!", "Pay them!"],
        )
        self.assertFalse(self.demand.made.filter(statement=self.pay.statement).exists())

    def test_what_would_be_no_split_is_refused_and_what_was_typed_stays(self):
        all_made = list(self.demand.made.values_list("pk", flat=True))
        known = make_demand()
        for chosen, words in (
            ({"wording": "Pay"}, "Choose statements or updates that go"),
            (
                {"wording": "Pay", "made": all_made, "updates": self.right.pk},
                "and leave some: to make two demands one, merge them.",
            ),
            ({"made": self.made.pk}, "Choose a demand, or say in what words"),
            ({"made": self.made.pk, "wording": "Pay", "known": known.pk}, "not both."),
            ({"wording": "Pay", "made": "999999"}, "999999"),
        ):
            with self.subTest(words):
                self.assertContains(self.post(**chosen), words)
        self.assertEqual(Demand.objects.count(), 2)

    def test_nothing_becomes_public_by_it_that_names_somebody_at_risk_unasked(self):
        hidden = make_demand("Free Li Wei", people=[make_person("Li Wei", is_at_risk=True)])

        answer = self.post(known=hidden.pk, made=self.made.pk)

        self.assertContains(answer, "readers would see somebody at risk by it")
        self.assertEqual(self.client.get(hidden.get_absolute_url()).status_code, 404)

    def test_a_name_not_shown_in_full_is_not_read_where_nobody_is_linked_any_more(self):
        Demand.objects.filter(pk=self.demand.pk).update(wording="Free Amina Example and pay them")
        self.amina.shown_as = "withheld"
        self.amina.save()
        gone = self.demand.demand_people.get(person=self.amina).pk
        page = self.demand.get_absolute_url()
        self.assertNotContains(self.client.get(page), "Amina")
        chosen = {"wording": "Pay them", "made": self.made.pk}

        self.assertContains(self.post(**chosen, people=gone), "Not done: a name that is not shown")
        self.assertNotContains(self.client.get(page), "Amina")
        told = make_text("Of Amina Example", slug="told", issued="2020-08-11")
        made = make_demand_made(told, demand=self.demand)
        self.assertNotContains(self.client.get(told.get_absolute_url()), "Amina")
        chosen |= {"made": [made.pk]}
        self.assertContains(self.post(**chosen), "Not done: a name that is not shown")

        self.post(**chosen, both=gone)

        self.assertEqual(Demand.objects.get(wording="Pay them").people.get(), self.amina)
        for address in (page, told.get_absolute_url()):
            self.assertNotContains(self.client.get(address), "Amina")

    def test_the_page_asks_as_often_whatever_there_is(self):
        self.client.get(self.page)
        asked = []
        for number in range(2):
            with CaptureQueriesContext(connection) as queries:
                self.client.get(self.page)
            asked.append(len(queries))
            make_demand_made(make_text(), "Words.", demand=self.demand)
            make_update(self.demand, "met", f"2021-01-0{number + 1}")
            self.demand.demand_people.create(person=make_person())
        self.assertEqual(*asked)


@skipUnless(connection.vendor == "postgresql", "SQLite has one writer at a time")
class RaceTests(TransactionTestCase):
    def test_while_demands_are_merged_and_split_others_publish_and_enter_updates(self):
        by = get_user_model().objects.create_superuser("publisher")
        people = [make_person() for _n in range(2)]
        gone, into = make_demand(people=people), make_demand(people=people[::-1])
        texts = []
        for number in range(6):
            text = make_text(published=False, issued=f"2020-08-{20 - number}")
            for demand in (gone, into)[:: 1 if number % 2 else -1]:
                make_demand_made(text, "Words.", demand=demand)
            texts.append(text)
        chosen = splitting.Share(made=frozenset(gone.made.values_list("pk", flat=True)[:2]))
        new = Demand(wording="A new one", kind="labour")

        results = at_once(
            [
                *[partial(workflow.publish, text.working_revision) for text in texts],
                partial(splitting.split, gone, new, chosen, by=by),
                partial(merging.merge, gone, into, by=by),
                *[
                    partial(make_update, record, state, f"2021-01-0{day}")
                    for day in range(1, 4)
                    for record, state in ((gone, "met"), (into, "met"), (people[0], "released"))
                ],
            ]
        )

        refused = {type(one) for one in results if isinstance(one, Exception)}
        allowed = {ledger.Gone, merging.NotMergeable}
        self.assertLessEqual(refused, allowed, results)
        self.assertFalse(Demand.objects.filter(pk=gone.pk).exists())
        left = Demand.objects.filter(wording="A new one")
        self.assertEqual(
            DemandAsMade.objects.filter(demand__in=[into, *left]).count(), 6 + 2 * len(left)
        )
        into.refresh_from_db()
        self.assertEqual(str(into.raised), "15 August 2020")
        entered = sum(1 for one in results[8:] if not isinstance(one, Exception))
        self.assertEqual(into.updates.count() + people[0].updates.count(), entered)
        self.assertEqual(list(ledger.differences()), [])
