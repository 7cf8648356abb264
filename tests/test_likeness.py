"""How much two texts have in common, and names that look like others."""

from django.test import SimpleTestCase

from statements import likeness

TEXT = (
    "The council of Example Harbour wants to evict forty families before the winter. We ask the"
    " council to stop the evictions at once, to lower the rents, and to hear the assembly of the"
    " tenants before it decides on anything that concerns their homes."
)


def common(one, other):
    return likeness.in_common(likeness.shingles(one), likeness.shingles(other))


class WordsTests(SimpleTestCase):
    def test_the_same_words_in_another_dress_are_the_same(self):
        self.assertEqual(common(TEXT, TEXT.upper().replace(" ", "\n").replace(".", " !")), 1)
        self.assertEqual(common("Où étaient-ils " * 5 + TEXT, "Ou etaient-ils " * 5 + TEXT), 1)

    def test_a_text_that_was_typed_anew_is_still_found(self):
        retyped = TEXT.replace("families", "famlies").replace("evictions", "evictons")
        self.assertGreater(common(TEXT, retyped), 0.7)

    def test_a_part_of_a_text_is_found_in_the_whole(self):
        self.assertGreater(common(TEXT, f"Others wrote much. {TEXT} And more of it. " * 3), 0.9)

    def test_other_words_have_nothing_in_common(self):
        other = "Bakers of the northern quarter strike tomorrow for bread that people can pay."
        self.assertEqual(common(TEXT, other), 0)

    def test_a_few_words_prove_nothing(self):
        self.assertEqual(common("No evictions, lower rents!", "No evictions, lower rents!"), 0)

    def test_numbers_are_the_same_in_all_digits(self):
        self.assertEqual(
            likeness.numbers("On 12 March 1,200 of 7"), likeness.numbers("١٢ آذار ١٬٢٠٠")
        )

    def test_links_are_found_without_what_ends_the_sentence(self):
        self.assertEqual(
            likeness.links("See https://Example.org/a/. And (http://b.example)!"),
            {"https://example.org/a", "http://b.example"},
        )


class NamesTests(SimpleTestCase):
    def alike(self, name, *known):
        return list(likeness.look_alikes(name, known))

    def test_letters_of_another_script_that_look_the_same(self):
        for name in ("Tenants оf Example", "Tеnants of Ехample", "TENANTS OF EXAMРLE"):  # noqa: RUF001
            with self.subTest(name):
                self.assertEqual(self.alike(name, "Tenants of Example"), ["Tenants of Example"])

    def test_near_spellings(self):
        for name in ("Tenant of Example", "Tenants of Exarnple", "Tenants 0f Example"):
            with self.subTest(name):
                self.assertEqual(self.alike(name, "Tenants of Example"), ["Tenants of Example"])

    def test_the_name_itself_looks_like_no_other(self):
        for name in ("Tenants of Example", "TENANTS  of example", "Ténants of Example"):
            with self.subTest(name):
                self.assertEqual(self.alike(name, "Tenants of Example"), [])

    def test_other_names_do_not(self):
        self.assertEqual(self.alike("Bakers of Example", "Tenants of Example"), [])
        self.assertEqual(self.alike("ITF", "ITE"), [])

    def test_words_of_two_scripts(self):
        self.assertEqual(likeness.mixed_words("Tеnants of Example"), ["Tеnants"])  # noqa: RUF001
        self.assertEqual(likeness.mixed_words("Союз IT-работников, 2 СМИ и 東京タワー"), [])  # noqa: RUF001
