from django.test import SimpleTestCase
from django.utils import translation

from statements import languages


class NameTests(SimpleTestCase):
    def test_a_language_is_named_with_its_script_country_or_spelling_in_words(self):
        for interface, tag, expected in (
            ("en", "be", "Belarusian"),
            ("en", "be-Latn", "Belarusian (Latin)"),
            ("de", "be-Latn", "Belarussisch (Lateinisch)"),
            ("en", "uz-Cyrl-UZ", "Uzbek (Cyrillic, Uzbekistan)"),
            ("en", "be-tarask", "Belarusian (Taraskievica orthography)"),
            ("en", "pt-BR", "Brazilian Portuguese"),
            ("en", "qaa-Latn", "qaa (Latin)"),
        ):
            with self.subTest(tag=tag, interface=interface), translation.override(interface):
                self.assertEqual(languages.name(tag), expected)

    def test_links_name_a_language_in_itself(self):
        self.assertEqual(languages.own_name("be-Latn"), "беларуская (лацініца)")

    def test_a_language_is_known_by_tag_and_by_name(self):
        for name, tag in {
            "de": "de",
            "sr_latn": "sr-Latn",
            "Lao": "lo",
            "ewe": "ee",
            "kmr": "kmr",
            "Français": "fr",
            "中文": "",
            "Simplified Chinese": "zh-Hans",
            "Chinesisch": "zh",
            "Klingonisch": "tlh",
            "no language": "",
        }.items():
            with self.subTest(name):
                self.assertEqual(languages.called(name), tag)
