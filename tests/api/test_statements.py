"""What the record of a statement has: its texts with their versions, and what it has to do with."""

from django.test import TestCase

from statements.absolute import id_of
from statements.models import StatementRelation, Text
from statements.publishing import workflow
from tests.api.asked import SITE
from tests.api.recorded import DAY, FRANCE, STRIKE, TENANTS, WithRecords, link
from tests.factories import make_text


class StatementTests(WithRecords, TestCase):
    def test_a_statement(self):
        record = self.ask("statements/rents/")

        demand = {
            "id": id_of("demand", self.demand.pk),
            "slug": "lower",
            "name": "Lower all rents",
            "language": "en",
            "url": f"{SITE}/demands/lower/",
            "api": f"{SITE}/api/v1/demands/lower/",
            "state": "met",
            "voice": "organisation",
        }
        [quotation] = record["demands"][0].pop("quotations")
        self.assertEqual(record.pop("demands"), [demand])
        self.assertEqual(
            {name: quotation[name] for name in ("words", "language", "part")},
            {"words": "Lower all rents", "language": "en", "part": "body"},
        )
        self.assertRegex(quotation["url"], r"^http://testserver/statements/rents/#words-\d+$")
        texts = record.pop("texts")
        moments = record.pop("published_at"), record.pop("changed_at")
        self.assertTrue(all(one.endswith("Z") for one in moments))
        self.assertEqual([one["url"] for one in record.pop("attachments")], [self.picture()])
        tag = record.pop("tags")
        self.assertEqual([one["slug"] for one in tag], ["housing"])
        self.assertEqual(
            record,
            {
                "id": id_of("statement", self.statement.pk),
                "url": f"{SITE}/statements/rents/",
                "api": f"{SITE}/api/v1/statements/rents/",
                "slug": "rents",
                "title": "Lower the rents",
                "language": "en",
                "kind": "statement",
                "standing": "current",
                "issued": DAY | dict.fromkeys(("notation", "earliest", "latest"), "2020-08-01"),
                "sorted_on": "2020-08-01",
                "authors": [
                    {
                        "name": "Tenants",
                        "language": "en",
                        "as_printed": "",
                        "organisation": link(TENANTS, self.tenants),
                        "acronym": "TE",
                        "country": link(FRANCE, self.france),
                    }
                ],
                "events": [link(STRIKE, self.strike)],
                "places": [link(FRANCE, self.france)],
                "is_example": False,
                "may_be_indexed": True,
                "signatories": [],
                "people": [self.person()],
                "source": {
                    "publication": "Example Gazette",
                    "title": "Rents",
                    "url": "https://example.org/text",
                    "archived_url": "",
                    "published": DAY,
                },
                "licence": "CC BY 4.0",
                "relations": [],
                "corrections": [],
            },
        )
        self.check_texts(texts)

    def picture(self):
        return f"{SITE}/media/attachments/api.png"

    def check_texts(self, texts):
        english, french = texts
        self.assertEqual(
            english["words"],
            {
                "surtitle": "Rents",
                "title": "Lower the rents",
                "subtitle": "",
                "introduction": "<p>We met them.</p>",
                "original_title": "",
                "body": f'<p>Lower <a href="{SITE}/events/strike/"'
                ' rel="noopener noreferrer nofollow ugc">all rents</a>, says Amina.</p>',
                "postscript": "",
            },
        )
        self.assertEqual(english["fingerprint"], self.text.live_revision.fingerprint)
        self.assertEqual(len(english["fingerprint"]), 64)
        self.assertEqual(
            [(one["number"], one["url"], one["is_sealed"]) for one in english["versions"]],
            [(1, f"{SITE}/statements/rents/versions/1/", False)],
        )
        self.assertEqual(
            {name: french[name] for name in ("id", "translator", "authority", "translated_from")},
            {
                "id": id_of("text", self.french.pk),
                "translator": "Friends",
                "authority": "unofficial",
                "translated_from": {
                    "id": id_of("text", self.text.pk),
                    "language": "en",
                    "version": 1,
                    "is_current": True,
                },
            },
        )

    def test_a_statement_is_found_by_any_of_its_texts_and_beside_its_page(self):
        record = self.client.get("/api/v1/statements/rents/")
        beside = self.client.get("/statements/loyers.json")

        self.assertEqual(self.ask("statements/loyers/"), record.json())
        self.assertEqual(beside.content, record.content)
        self.assertEqual(beside["Link"], '<http://testserver/statements/loyers/>; rel="canonical"')
        self.assertContains(self.client.get("/statements/rents/"), 'href="/statements/rents.json"')

    def test_a_further_version_stands_in_the_history_and_makes_the_translation_old(self):
        text = Text.objects.get(pk=self.text.pk)
        saved = workflow.save_words(
            text,
            text.working_revision.words | {"title": "Lower them"},
            based_on=text.working_revision_id,
        )
        workflow.publish(saved, change="correction", note="One word.", note_language="en")

        record = self.ask("statements/rents/")

        english, french = record["texts"]
        self.assertEqual(
            [(one["number"], one["change"], one["note"]) for one in english["versions"]],
            [(2, "correction", "One word."), (1, "", "")],
        )
        self.assertFalse(french["translated_from"]["is_current"])
        self.assertEqual([one["kind"] for one in record["corrections"]], ["correction"])

    def test_statements_that_refer_to_each_other(self):
        other = make_text("Answer", slug="answer").statement
        StatementRelation.objects.create(statement=other, kind="responds", other=self.statement)
        draft = make_text(published=False).statement
        StatementRelation.objects.create(statement=draft, kind="responds", other=self.statement)

        relation = {"relation": "responds", "is_inward": True}
        relation |= {"id": id_of("statement", other.pk), "api": f"{SITE}/api/v1/statements/answer/"}
        self.assertEqual(self.ask("statements/rents/")["relations"], [relation])
        [outward] = self.ask("statements/answer/")["relations"]
        self.assertEqual(
            (outward["is_inward"], outward["api"]), (False, f"{SITE}/api/v1/statements/rents/")
        )
