"""The seed document: what the reader makes of every word of it."""

from django.test import SimpleTestCase

from statements.demo.workflow import CONTENT
from statements.importers.draft import Seen
from statements.importers.text import read
from statements.models import Suggestion

INTRODUCTION = (
    "For three days since the presidential elections in Belarus, the streets of all major cities"
    " of the country have become the arena of heavy clashes between protesters and police. Despite"
    " the fact that by all independent exit polls and evidence of observers, the opposition"
    " candidate Svetlana Tikhanovskaya gained a convincing victory, authoritarian leader Alexander"
    " Lukashenko announced his re-election. Faced with the opposition of the majority of the"
    " population, today he has to rely only on the police and secret services, who have been given"
    " carte blanche for the most brutal suppression of protests. Thousands of detainees, hundreds"
    " of injured and at least one killed - that's the price Lukashenko has already paid to preserve"
    " his regime. However, the resistance continues - not only in the form of street protests, but"
    " also in the political strikes that have already started at several big enterprises. We"
    " express our solidarity with workers and youth of Belarus in their struggle for a better"
    " future. We also demand for release of Belarussian left activists, such as Pavel Katarzhevski"
    " and Yury Glushakov, who were illegally arrested during these days. Below we publish the"
    " statement of the Russian Socialist Movement about the presidential elections in Belarus."
)
FIRST_PARAGRAPH = (
    "August 9, presidential elections will be held in Belarus. Throughout the country, on various"
    " floors of society, we see the mobilization of dissatisfied with Lukashenko's regime, less and"
    " less popular and less socially-oriented, contrary to stereotypes and declarations. The"
    " authorities respond with threats and clumsy propaganda, provoking tension and discord instead"
    " of providing an opportunity for free elections. At the same time, the Kremlin carries out"
    " business plans to subordinate Belarus, which can cause nothing but indignation among Russian"
    " communists and socialists."
)
# The copy lost a dash after "Belarusians", and it stays lost.
SECOND_PARAGRAPH = (
    "We are fighting for a democratic Russia that is able to build relations with Belarus and other"
    " neighbours on equal terms, with whom we are united by many historical, economic, cultural and"
    " family ties. We support the Belarusian people in their right for free elections, for"
    " independence from Russia and any other imperialist players. We support independent Belarusan"
    " trade unions, social movements, and left-wing organizations that oppose the usurper regime"
    " and criticize openly right, neoliberal alternatives to the existing system. We hope that the"
    " political uprising in Belarus will strengthen the influence of those forces which are ready"
    " to defend the interests of the majority of Belarusians workers, students, pensioners, the"
    " interests of Belarus as an independent, democratic, social, and in the future socialist"
    " state."
)
APPEAL = (
    "PS: If you like this article or have found it useful, please consider donating towards the"
    " work of International Viewpoint. Simply follow this link: Donate then enter an amount of your"
    " choice. One-off donations are very welcome. But regular donations by standing order are also"
    " vital to our continuing functioning. See the last paragraph of this article for our bank"
    " account details and take out a standing order. Thanks."
)


class SeedTests(SimpleTestCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.data = (CONTENT / "seed.en.txt").read_bytes()
        cls.draft = read(cls.data)

    def test_each_part_is_found_and_no_word_is_altered(self):
        draft = self.draft

        self.assertEqual(draft.title, "Russian Socialist Movement on Belarus")
        self.assertEqual(draft.introduction, [INTRODUCTION])
        self.assertEqual(
            draft.original_title, "For free elections and against repression in Belarus"
        )
        self.assertEqual(
            draft.body,
            [
                FIRST_PARAGRAPH,
                SECOND_PARAGRAPH,
                "Hands off from free elections! No to repressions!",
                "Russian Socialist Movement",
            ],
        )
        self.assertEqual(draft.slogans, ["Hands off from free elections!", "No to repressions!"])
        self.assertEqual(draft.signature, ["Russian Socialist Movement"])
        self.assertEqual(draft.postscript, [])
        self.assertEqual(draft.appeal, [APPEAL])
        self.assertEqual(draft.language, "en")

    def test_the_words_are_those_of_the_file_in_their_order(self):
        words = [word for passage in self.draft.passages for word in passage.words.split()]

        self.assertEqual(words, self.data.decode().split())

    def test_it_suggests_the_demands_it_sees_in_two_voices_and_notes_what_it_did(self):
        kinds = Suggestion.Kind
        self.assertEqual(
            self.draft.seen,
            [
                Seen(
                    kinds.OWN_TITLE,
                    "For free elections and against repression in Belarus",
                    "original_title",
                ),
                Seen(kinds.APPEAL, APPEAL),
                Seen(
                    kinds.DEMAND,
                    "We also demand for release of Belarussian left activists, such as Pavel"
                    " Katarzhevski and Yury Glushakov, who were illegally arrested during these"
                    " days.",
                    "introduction",
                    "editors",
                ),
                Seen(
                    kinds.DEMAND,
                    "We support the Belarusian people in their right for free elections, for"
                    " independence from Russia and any other imperialist players.",
                    "body",
                    "organisation",
                ),
                Seen(kinds.DEMAND, "Hands off from free elections!", "body", "organisation"),
                Seen(kinds.DEMAND, "No to repressions!", "body", "organisation"),
            ],
        )

    def test_another_encoding_and_other_line_ends_are_the_same_file(self):
        text = self.data.decode()
        for copy in (
            text.replace("\n", "\r\n").encode(),
            b"\xef\xbb\xbf" + self.data,
            text.encode("utf-16"),
            b"\xfe\xff" + text.encode("utf-16-be"),
        ):
            draft = read(copy)
            self.assertEqual(draft, self.draft)
