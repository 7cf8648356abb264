"""What is found by which words, language by language and script by script: the same on both
databases, which the suite runs on in turn."""

from django.test import TestCase

from statements.models import SearchEntry
from statements.models.search import numbers_of, record_of
from statements.search.engines import engine
from statements.search.parsing import parse
from statements.search.terms import asked
from tests.factories import make_text

# Language, what a text says, queries that find it, queries that do not.
CASES = (
    ("en", "The strikers' solidarity grows",
        ["strikers", "SOLIDARITY", "grow", "striker’s"], ["strokes"]),
    ("en", "Don't stop the café owners' self-organisation",
        ["cafe", "don't", "don’t", "self-organisation", "self organisation", "selforg* OR café"],
        ["selforganisation", "\"organisation self\""]),
    ("de", "Die Gewerkschaften streiken für höhere Löhne",
        ["Gewerkschaft", "hohere lohne", "Lohn", "gewerk*"], ["Gewehr"]),
    ("de", "Straßenblockaden", ["strassenblockade", "STRASSENBLOCKADEN"], ["blockade"]),
    ("fr", "L'élection n’était pas libre", ["election", "élections", "l'election", "etait",
        "d’élections", "qu'était"],
        ["lection"]),
    ("es", "Las huelgas de los niños", ["huelga", "nino", "NIÑOS"], ["huella"]),
    ("it", "Le libertà negate", ["liberta", "negata"], []),
    ("pt-BR", "As greves e a solidão", ["greve", "solidao"], []),
    ("pl", "Żądamy uwolnienia więźniów Łodzi", ["zadamy", "wiezniow", "lodzi"], []),
    ("cs", "Dělníci stávkují", ["delnici", "stavkuji"], []),
    ("tr", "İstanbul'da işçiler ırkçılığa karşı", ["istanbul", "isciler", "irkciliga"], []),
    ("ru", "Забастовки в Минске, освободить ещё всех", ["забастовка", "минск", "еще", "ЕЩЁ"],
        ["застава"]),
    ("ru", "Майский митинг", ["майский"], ["маискии"]),
    ("ru", "освободи́ть Тихано́вскую", ["освободить", "тихановская"], []),
    ("uk", "Страйк у Києві", ["страйк", "києві", "київ*  OR києв*"], []),
    ("sr", "Štrajk radnika", ["strajk", "radnik"], []),
    ("el", "Η απεργία των εργατών", ["απεργια", "ΑΠΕΡΓΙΑ", "εργατων"], []),
    ("ar", "التضامُن مع المُعتقَلين في إيران", ["التضامن", "تضامن", "المعتقلين", "ايران", "أيران"],
        ["مصر"]),
    ("ar", "حُريّة الصَّحافة ــ مــصر", ["حرية", "حريه", "مصر"], []),
    ("fa", "همبستگی با کارگران می‌خواهیم", ["همبستگي", "كارگران", "میخواهیم"], []),
    ("he", "שָׁלוֹם וצדק חברתי", ["שלום", "צדק* OR וצדק"], []),
    ("hi", "मज़दूरों की एकजुटता", ["एकजुटता", "मज़दूरों"], ['"एक"']),
    ("ta", "தொழிலாளர் ஒற்றுமை", ["ஒற்றுமை", "தொழிலாளர்"], []),
    ("hy", "Ազատություն քաղբանտարկյալներին", ["ազատություն"], []),
    ("zh", "民主主義を守れ、工人团结", ["民主", "主義", "工人", "团结", "团", "结"], ["主民"]),
    ("ja", "労働者の連帯とストライキ", ["労働者", "連帯", "ｽﾄﾗｲｷ", "ストライキ"], ["労者"]),
    ("th", "การชุมนุมของคนงาน", ["ชุมนุม", "คนงาน"], []),
    ("ko", "노동자의 연대", ["노동자", "연대"], ["동노"]),
    ("vi", "Đoàn kết với công nhân", ["doan ket", "cong nhan"], []),
    ("pt", "A bela greve de Belida", ["bela", "belas", "greves"], ["Belarus"]),
    ("fi", "Lakkoilevat työläiset", ["tyolaiset"], []),
    ("hu", "A sztrájkolók követelései", ["sztrajkolok", "követelés"], []),
)  # fmt: skip


def found(query):
    """The keys of the texts that a query finds, newest first."""
    kinds = numbers_of(SearchEntry.Kind.TEXT)
    tree = parse(query)
    rows = engine().newest(asked(tree), kinds, 100) if tree.has_words else []
    return [record_of(number) for number, _statement in rows]


class LanguageTests(TestCase):
    maxDiff = None

    @classmethod
    def setUpTestData(cls):
        cls.texts = [
            make_text("Untitled", language=language, body=f"<p>{words}</p>").pk
            for language, words, _yes, _no in CASES
        ]

    def test_each_word_finds_its_text(self):
        missed, wrong = [], []
        for key, (language, _words, yes, no) in zip(self.texts, CASES, strict=True):
            missed += [(language, query) for query in yes if key not in found(query)]
            wrong += [(language, query) for query in no if key in found(query)]

        self.assertEqual((missed, wrong), ([], []))
