import hashlib
from io import StringIO

from django.apps import apps
from django.core import serializers
from django.core.management import call_command
from django.test import TestCase

from statements.demo import workflow as demo
from statements.models import (
    Addressee,
    Demand,
    DemandLetter,
    Event,
    Organisation,
    Person,
    Statement,
    Suggestion,
    Text,
)
from statements.naming import stands_in
from statements.publishing import slugs, workflow
from statements.publishing.wording import words_of


def everything():
    """Every row of the site's own tables, as text."""
    rows = []
    for table in apps.get_app_config("statements").get_models():
        rows += serializers.serialize("json", table._base_manager.order_by("pk"), indent=1)
    return "".join(rows)


class LoadTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        output = StringIO()
        call_command("load_demo", stdout=output)
        cls.output = output.getvalue()
        cls.seed = Text.objects.get(slug="russian-socialist-movement-on-belarus")

    def test_it_says_what_it_made(self):
        self.assertEqual(
            self.output.splitlines(),
            [
                "Made: Russian Socialist Movement on Belarus",
                "Made: Schluss mit den Prügeln, Freiheit für alle Festgenommenen",
                "Made: Nous voulons compter les voix",
                "Made: Бастующим нужна защита",
                "4 statements made, 0 kept.",
            ],
        )

    def test_the_seed_is_the_document_byte_for_byte(self):
        data = (demo.CONTENT / "seed.en.txt").read_bytes()

        self.assertEqual(
            hashlib.sha256(data).hexdigest(),
            "38086945c09e505bad566871d524bdbb8c485e77084cc39d3dda399d13b0904b",
        )

    def test_the_seed_is_linked_as_an_editor_would_do_it(self):
        statement = self.seed.statement
        author = statement.authorships.get()

        self.assertEqual(
            (author.organisation.acronym, author.organisation.country.code, author.name_as_printed),
            ("RSD", "RU", "Russian Socialist Movement"),
        )
        self.assertEqual(
            (str(statement.issued), statement.source.publication, str(statement.source.published)),
            ("before 9 August 2020", "International Viewpoint", "12 August 2020"),
        )
        self.assertEqual(self.seed.live_revision.surtitle, "Belarus elections")
        self.assertEqual(self.seed.authority, Text.Authority.UNKNOWN)
        self.assertEqual(
            [event.name for event in statement.events.all()],
            ["2020 Belarusian presidential election"],
        )
        self.assertEqual(
            [
                (made.voice, made.demand.wording, str(made.raised))
                for made in statement.demands_made.all()
            ],
            [
                (
                    "editors",
                    "Release Pavel Katarzhevski and Yury Glushakov",
                    "12 August 2020",
                ),
                ("organisation", "Free elections in Belarus", "before 9 August 2020"),
                (
                    "organisation",
                    "Independence of Belarus from Russia and other powers",
                    "before 9 August 2020",
                ),
                ("organisation", "End the repression in Belarus", "before 9 August 2020"),
            ],
        )

    def test_the_event_has_its_parts(self):
        election = Event.objects.get(slug="2020-belarusian-presidential-election")

        self.assertEqual(
            sorted((part.type, str(part.start)) for part in election.children.published()),
            [
                ("crackdown", "9 August 2020"),
                ("protest", "9 August 2020"),
                ("strike", "before 13 August 2020"),
            ],
        )

    def test_the_seed_is_there_in_six_languages_the_translations_unofficial(self):
        texts = self.seed.statement.texts.published().exclude(pk=self.seed.pk)

        self.assertEqual(
            sorted(
                (text.language, text.authority, text.translator, text.translated_from.number)
                for text in texts
            ),
            [
                (language, "unofficial", "the editors of this demo", 1)
                for language in ("ar", "de", "es", "fr", "ru")
            ],
        )
        for text in texts:
            self.assertEqual(
                [bool(value) for value in text.live_revision.words.values()],
                [bool(value) for value in self.seed.live_revision.words.values()],
            )

    def test_every_demand_is_quoted_in_every_language_of_its_statement(self):
        self.assertEqual(Statement.objects.filter(demands_made=None).count(), 0)
        for statement in Statement.objects.all():
            languages = set(statement.texts.values_list("language", flat=True))
            for made in statement.demands_made.all():
                quoted = set(made.quotations.readable().values_list("text__language", flat=True))
                self.assertEqual(quoted, languages, made)

    def test_every_naming_stands_in_its_text_and_none_is_missing(self):
        for text in self.seed.statement.texts.all():
            words = words_of(text.live_revision, "introduction")
            words += " " + words_of(text.live_revision, "body")
            namings = text.namings.all()
            for naming in namings:
                self.assertTrue(stands_in(words, naming.spelling), naming)
            self.assertEqual(namings.values("person").distinct().count(), 4, text.language)

    def test_what_is_invented_is_marked_and_names_nobody(self):
        invented = Statement.objects.filter(is_example=True)

        self.assertEqual(invented.count(), 3)
        self.assertFalse(
            Organisation.objects.filter(statements__in=invented, is_example=False).exists()
        )
        self.assertFalse(Person.objects.filter(namings__text__statement__in=invented).exists())
        self.assertFalse(
            Demand.objects.filter(is_example=True, statements__is_example=False).exists()
        )
        self.assertFalse(Person.objects.filter(is_example=True).exists())
        self.assertEqual(
            [text.statement.is_example for text in Text.objects.filter(is_leading=True)].count(
                False
            ),
            1,
        )

    def test_there_is_somebody_invented_to_write_to_and_a_letter_in_each_language(self):
        reachable = [one for one in Addressee.objects.all() if one.is_reachable]

        self.assertEqual(
            [(one.name, one.email.rpartition(".")[2]) for one in reachable],
            [("the board of Northfield Tramway (invented example)", "example")],
        )
        demand = Demand.objects.get(addressee__in=reachable)
        self.assertTrue(demand.is_example)
        for prefix, said in (
            ("", "This letter is an invented example"),
            ("/de", "Dieser Brief ist ein erfundenes Beispiel"),
            ("/ar", "هذه الرسالة مثال مختلق"),
        ):
            page = self.client.get(f"{prefix}/demands/{demand.slug}/act/?letter={prefix[1:]}")
            self.assertContains(page, said)
        self.assertEqual(DemandLetter.objects.exclude(demand=demand).count(), 0)

    def test_nothing_is_left_to_confirm(self):
        self.assertFalse(Suggestion.objects.demands().exists())

    def test_a_second_run_changes_nothing(self):
        before = everything()

        loaded = demo.load()

        self.assertEqual((len(loaded.made), len(loaded.kept)), (0, 4))
        self.assertEqual(everything(), before)

    def test_a_second_run_keeps_what_editors_changed(self):
        election = Event.objects.get(slug="2020-belarusian-presidential-election")
        slugs.change_slug(election, "election-in-belarus")
        Person.objects.filter(slug="yury-glushakov").update(shown_as=Person.Shown.WITHHELD)
        self.seed.namings.all().delete()
        Statement.objects.filter(tags__name="strikes", is_example=True).update(
            import_fingerprint=None
        )
        revision = workflow.save_words(
            self.seed,
            self.seed.live_revision.words | {"title": "Another title"},
            based_on=self.seed.working_revision_id,
        )
        workflow.publish(revision, change="typographical")

        loaded = demo.load()

        self.seed.refresh_from_db()
        self.assertEqual((len(loaded.made), len(loaded.kept)), (1, 3))
        self.assertEqual(self.seed.live_revision.title, "Another title")
        self.assertFalse(self.seed.namings.exists())
        self.assertEqual(Event.objects.count(), 4)
        self.assertEqual(Person.objects.concealed().count(), 1)
