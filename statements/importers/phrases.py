"""Words by which a reader recognises a demand, a donation appeal, a page mark, a language.

What they find is only ever suggested to an editor, so they may be generous.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter


def _any_of(*patterns: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{'|'.join(patterns)})", re.IGNORECASE)


DEMANDING = _any_of(
    # English
    r"demand(?:s|ing|ed)?\b",
    r"call(?:s|ing|ed)? (?:up)?on\b",
    r"call(?:s|ing|ed)? for\b",
    r"urg(?:e|es|ing|ed)\b",
    r"insist(?:s|ing|ed)?\b",
    r"rights? (?:for|to)\b",
    r"must (?:be|end|stop|cease|go|resign|withdraw|release|recogni[sz]e|leave|pay)\b",
    # German
    r"(?:forder(?:n|t|te|ten)|verlang(?:en|t))\b",
    r"ruf(?:en|t)\b[^.!?]*\bauf\b",
    r"Recht auf\b",
    # French
    r"(?:exige(?:ons|nt|r)?|demand(?:ons|ent|er)|réclam(?:e|ons|ent))\b",
    r"appel(?:ons|lent|le) à\b",
    r"droit (?:à|aux?\b|d[eu'’])",
    # Spanish
    r"(?:exig(?:imos|en?|ir)|reclam(?:amos|an?)|demand(?:amos|an?)|pedimos|instamos)\b",
    r"llam(?:amos|an?) a\b",
    r"derecho a\b",
    # Russian
    r"требу(?:ем|ет|ют)\b",
    r"(?:призыва|настаива)(?:ем|ет|ют)\b",
    r"прав[оае] на\b",
    r"долж(?:ен|на|но|ны)\b",
    # Arabic
    r"(?:و|ف)?(?:ن|ت|ي)?طالب",
    r"(?:و|ف)?ندعو\b",
    r"(?:ال)?حقه?م? في\b",
)

_DONATION = [
    *(r"donat(?:e|es|ing|ions?)\b", r"standing orders?\b", r"bank account\b"),
    *(r"spende[nt]?\b", r"dauerauftrag\b", r"spendenkonto\b"),
    *(r"dons?\b", r"virement\b"),
    *(r"donación\b", r"donaciones\b", r"donativos?\b"),
    *(r"пожертв", r"(?:ال)?تبرع"),
]
_THE_PAGE = [
    *(r"this (?:article|site|website|page|magazine|archive|text)\b",),
    *(r"dies(?:e|en|er|es|em) (?:artikels?|seite|text|archiv)\b",),
    *(r"cet article\b", r"ce (?:site|texte)\b"),
    *(r"este (?:artículo|sitio|texto)\b", r"эт(?:а|у|ой|от|ого) (?:стать|сайт|архив)"),
    r"هذ[اه] (?:المقال|الموقع|النص)",
]
DONATION = _any_of(*_DONATION)
THE_PAGE = _any_of(*_THE_PAGE)

POSTSCRIPT = re.compile(r"(?:P\.? ?S\.?|P\.-S\.|З\. ?Ы\.|ملاحظة)\s*(?::|[.–—-](?=\s|$)|$)\s*")
PAGE_MARK = re.compile(
    r"(?:page|seite|p[áa]gina|стр(?:аница|\.)|صفحة)\s*\d{1,4}(?:\s*(?:of|von|de|sur|из|من|/)\s*\d{1,4})?",
    re.IGNORECASE,
)
# Certain only beside a form feed.
BARE_NUMBER = re.compile(r"[-–—\s]*\d{1,4}(?:\s*/\s*\d{1,4})?[-–—\s]*")
BULLET = re.compile(r"(?:[-–—•*·‣▪●]|\d{1,3}[.)]|[a-zа-я]\))\s+\S", re.IGNORECASE)
# After these a hyphen at a line's end is one half of "right- and left-wing".
AND_OR = _any_of(r"(?:and|or|und|oder|bzw|et|ou|y|o|и|или|و|أو)\b")

LANGUAGE_OF_SCRIPT = {
    **{"LATIN": "en", "CYRILLIC": "ru", "ARABIC": "ar", "HEBREW": "he", "GREEK": "el"},
    **{"ARMENIAN": "hy", "GEORGIAN": "ka", "DEVANAGARI": "hi", "BENGALI": "bn", "TAMIL": "ta"},
    **{"THAI": "th", "HANGUL": "ko", "HIRAGANA": "ja", "KATAKANA": "ja", "CJK": "zh"},
    **{"ETHIOPIC": "am"},
}


def is_site_appeal(words: str) -> bool:
    """Whether a postscript asks a page's readers for money: a union's strike fund does not."""
    return bool(DONATION.search(words) and THE_PAGE.search(words))


def likely_language(text: str) -> str:
    """The most widely used language of the script that most letters are in."""
    letters = Counter(letter for letter in text if letter.isalpha())
    scripts: Counter[str] = Counter()
    for letter, times in letters.items():
        scripts[unicodedata.name(letter, "LATIN").split()[0].split("-")[0]] += times
    return next(
        (
            LANGUAGE_OF_SCRIPT[script]
            for script, _times in scripts.most_common()
            if script in LANGUAGE_OF_SCRIPT
        ),
        "en",
    )
