from django.test import SimpleTestCase, TestCase

from statements.models import Demand, DemandWording, Naming, Person, PersonName
from statements.naming import Concealed, conceal
from statements.prose import public_words
from tests.factories import make_demand, make_demand_made, make_naming, make_person, make_text

WITHHELD = Person.Shown.WITHHELD
INITIALS = Person.Shown.INITIALS


class ConcealTests(SimpleTestCase):
    def test_a_name_is_found_however_it_is_typed(self):
        hidden = [Concealed("Zoë O'Hara-Quux", "[gap]"), Concealed("Катаржевский", "[gap]")]
        for written in (
            "Zoë O'Hara-Quux",
            "ZOË O’HARA-QUUX",
            "Zoë\u00a0O'Hara\u2011Quux",
            "Zoe\u0308 O'Ha\u00adra-Quux",
            "Катарже\u0301вский",
        ):
            with self.subTest(written):
                self.assertEqual(conceal(f"Free {written}!", hidden), "Free [gap]!")

    def test_a_name_is_found_with_and_without_its_accents_whichever_were_entered(self):
        for entered, written in (
            ("Zoe Quux", "Zoë QUUX"),
            ("Işık Quux", "IŞIK QUUX"),
            ("Strauß", "STRAUSS"),
            ("أحمد علي", "احمد علی"),
            ("احمد علي", "أحمدَ علي"),
            ("משה", "מֹשֶׁה"),
            ("Катаржевский", "Катаржевский"),
        ):
            with self.subTest(entered):
                hidden = [Concealed(entered, "[gap]")]

                self.assertEqual(conceal(f"({written}́)", hidden), "([gap])")

    def test_a_name_is_found_in_scripts_that_put_no_space_between_words(self):
        for entered, written, expected in (
            ("王伟", "释放王伟先生", "释放[gap]先生"),
            ("Ivan Petrov", "释放Ivan Petrov先生", "释放[gap]先生"),
            ("山田太郎", "山田太郎さんを釈放", "[gap]さんを釈放"),
            ("สมชาย", "ปล่อยตัวสมชายทันที", "ปล่อยตัว[gap]ทันที"),
            ("အောင်ဆန်း", "ဦးအောင်ဆန်းကိုလွှတ်ပေးပါ", "ဦး[gap]ကိုလွှတ်ပေးပါ"),
            ("김철수", "김철수를 석방하라", "[gap]를 석방하라"),
        ):
            with self.subTest(entered):
                self.assertEqual(conceal(written, [Concealed(entered, "[gap]")]), expected)

    def test_a_name_is_found_after_what_arabic_and_hebrew_write_before_it(self):
        for entered, written, expected in (
            ("أحمد علي", "الحرية لسلمى وأحمد علي", "الحرية لسلمى و[gap]"),
            ("أحمد علي", "الحرية لأحمد علي", "الحرية ل[gap]"),
            ("أحمد علي", "وبأحمد علي", "وب[gap]"),
            ("משה כהן", "חופש למשה כהן", "חופש ל[gap]"),
            ("علي", "معلي", "معلي"),
        ):
            with self.subTest(written):
                self.assertEqual(conceal(written, [Concealed(entered, "[gap]")]), expected)

    def test_a_longer_word_is_left_alone(self):
        for text, expected in (
            ("Quuxes, quux", "Quuxes, Q."),
            ("MacQuux", "MacQuux"),
            ("quux_2", "quux_2"),
        ):
            self.assertEqual(conceal(text, [Concealed("Quux", "Q.")]), expected)

    def test_nothing_is_found_where_no_name_is(self):
        hidden = [Concealed("", "[gap]"), Concealed("́", "[gap]")]

        self.assertEqual(conceal("Free Ana Quux", hidden), "Free Ana Quux")

    def test_the_longest_spelling_wins(self):
        hidden = [Concealed("Quux", "[1]"), Concealed("Ana Quux", "[2]")]

        self.assertEqual(conceal("Ana Quux and Quux", hidden), "[2] and [1]")


class ConcealedInTests(TestCase):
    def shown(self, text):
        return {
            (entry.spelling, entry.shown) for entry in Naming.objects.concealed_in([text])[text.pk]
        }

    def test_every_spelling_of_a_person_who_is_named_is_concealed(self):
        text = make_text()
        person = make_person("Ana Quux", shown_as=WITHHELD)
        PersonName.objects.create(person=person, language="ru", name="Ана Куукс")
        make_naming(text, person, "Quuxem")
        make_naming(text, make_person("Bo Shown"))

        gap = "[name withheld]"
        self.assertEqual(self.shown(text), {("Quuxem", gap), ("Ana Quux", gap), ("Ана Куукс", gap)})

    def test_persons_whom_a_demand_is_about_are_concealed_without_a_naming(self):
        text = make_text()
        make_demand_made(text, people=[make_person("Ana Quux", shown_as=INITIALS)])

        self.assertEqual(self.shown(text), {("Ana Quux", "A. Q.")})

    def test_many_texts_are_asked_about_in_one_query(self):
        texts = [make_text() for _number in range(3)]
        for text in texts[:2]:
            make_naming(text, make_person(f"Ana Quux {text.pk}", shown_as=INITIALS))

        with self.assertNumQueries(1):
            found = Naming.objects.concealed_in(texts)
        self.assertEqual([len(found[text.pk]) for text in texts], [1, 1, 0])

    def test_public_words_are_concealed_in_every_field(self):
        name = "Ana Quux"
        text = make_text(
            f"Free {name}",
            surtitle=name,
            subtitle=name,
            introduction="<p>A<b>na</b> Qu<em>ux</em>!</p>",
            original_title=name,
            body=f"<ul><li>Ana</li></ul><p>Quux, {name}&amp;co</p>",
            postscript=f"<p>{name}</p>",
        )
        make_naming(text, make_person(name, shown_as=WITHHELD))

        words = public_words(text.live_revision, Naming.objects.concealed_in([text])[text.pk])

        gap = "[name withheld]"
        self.assertEqual(
            words,
            {
                "surtitle": gap,
                "title": f"Free {gap}",
                "subtitle": gap,
                "introduction": f"<p>{gap}<b></b><em></em>!</p>",
                "original_title": gap,
                "body": f"<ul><li>{gap}</li></ul><p>, {gap}&amp;co</p>",
                "postscript": f"<p>{gap}</p>",
            },
        )


class DemandTests(TestCase):
    def setUp(self):
        self.person = make_person("Ana Quux", shown_as=WITHHELD)
        PersonName.objects.create(person=self.person, language="de", name="Anna Kux")
        make_naming(make_text(), self.person, "Quuxem")
        self.demand = make_demand("Release Ana Quux, Anna Kux and Quuxem", people=[self.person])

    def test_the_wording_shown_conceals_every_stored_spelling(self):
        with self.assertNumQueries(1):
            demand = Demand.objects.named().get(pk=self.demand.pk)
            shown = demand.name_shown

        gap = "[name withheld]"
        self.assertEqual(shown, f"Release {gap}, {gap} and {gap}")

    def test_so_do_wordings_in_other_languages_and_demands_fetched_otherwise(self):
        DemandWording.objects.create(demand=self.demand, language="de", name="Freiheit für Quuxem")
        demand = Demand.objects.named("de").get(pk=self.demand.pk)

        self.assertEqual(demand.name_shown, "Freiheit für [name withheld]")
        self.assertNotIn("Quux", Demand.objects.get(pk=self.demand.pk).name_shown)

    def test_a_demand_about_nobody_hidden_is_shown_as_it_is(self):
        demand = make_demand("Release Bo Shown", people=[make_person("Bo Shown")])

        self.assertEqual(Demand.objects.named().get(pk=demand.pk).name_shown, "Release Bo Shown")
