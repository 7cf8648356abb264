"""Languages of texts: BCP 47 tags, their names and their direction, from CLDR through Babel."""

import re
import unicodedata
from functools import cache, lru_cache

from babel import Locale, UnknownLocaleError
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext as _

# language[-Script][-REGION][-variant…]: the part of BCP 47 that names a written language.
TAG = re.compile(
    r"(?P<language>[a-z]{2,3})(?:-(?P<script>[a-z]{4}))?(?:-(?P<region>[a-z]{2}|\d{3}))?"
    r"(?P<variants>(?:-(?:[a-z0-9]{5,8}|\d[a-z0-9]{3}))*)",
    re.IGNORECASE,
)
RTL_SCRIPTS = {"Arab", "Hebr", "Syrc", "Thaa", "Nkoo", "Adlm", "Rohg", "Mand", "Samr"}
RTL_LANGUAGES = {"ar", "arc", "ckb", "dv", "fa", "he", "ks", "nqo", "ps", "sd", "syr", "ug", "ur"}
RTL_LANGUAGES |= {"yi", "azb", "bal", "glk", "lrc", "mzn", "pnb"}

# Those that forms offer by name.
USUAL = (
    *("am", "ar", "az", "be", "bg", "bn", "ca", "ckb", "cs", "da", "de", "el", "en", "es", "et"),
    *("eu", "fa", "fi", "fr", "he", "hi", "hr", "hu", "hy", "id", "it", "ja", "ka", "kk", "km"),
    *("ko", "ku", "ky", "lt", "lv", "mk", "mn", "ms", "my", "ne", "nl", "no", "pa", "pl", "ps"),
    *("pt", "pt-BR", "ro", "ru", "si", "sk", "sl", "so", "sq", "sr", "sv", "sw", "ta", "te"),
    *("tg", "th", "ti", "tl", "tr", "ug", "uk", "ur", "uz", "vi", "yi", "zh-Hans", "zh-Hant", "zu"),
)


def canonical(tag: str) -> str:
    """A BCP 47 tag in its usual case: "sr-latn" gives "sr-Latn". Raises ValidationError."""
    match = TAG.fullmatch(tag.strip().replace("_", "-"))
    if not match:
        raise ValidationError(
            _("“%(tag)s” is not a language tag. Write it like en, pt-BR or sr-Latn."),
            params={"tag": tag},
            code="language",
        )
    parts = [match["language"].lower()]
    if match["script"]:
        parts.append(match["script"].title())
    if match["region"]:
        parts.append(match["region"].upper())
    return "-".join(parts) + (match["variants"] or "").lower()


def validate(tag: str) -> None:
    if canonical(tag) != tag:
        raise ValidationError(
            _("Write the language tag as %(tag)s."), params={"tag": canonical(tag)}
        )


@lru_cache(1000)
def direction(tag: str) -> str:
    """ "rtl" or "ltr"; the script decides where the tag names one."""
    match = TAG.fullmatch(tag or "")
    if not match:
        return "ltr"
    if match["script"]:
        return "rtl" if match["script"].title() in RTL_SCRIPTS else "ltr"
    return "rtl" if match["language"].lower() in RTL_LANGUAGES else "ltr"


@cache
def locale(tag: str) -> Locale:
    """The nearest locale that CLDR knows; English where it knows none."""
    base = tag.replace("-", "_")
    while base:
        try:
            return Locale.parse(base)
        except (UnknownLocaleError, ValueError):
            base = base.rpartition("_")[0]
    return Locale("en")


@cache
def _name(tag: str, interface: str) -> str:
    words = locale(interface)
    names = words.languages
    key = tag.replace("-", "_")
    rest = []
    while key not in names and "_" in key:
        key, _sep, part = key.rpartition("_")
        of_script = words.scripts.get(part) or words.variants.get(part.upper())
        rest.insert(0, of_script or words.territories.get(part, part))
    known = names.get(key, key)
    return f"{known} ({', '.join(rest)})" if rest else known


def name(tag: str) -> str:
    """The language's name in the interface's language."""
    return _name(tag, get_language() or "en")


def called(name: str) -> str:
    """The tag of a language by its tag, or by its name in itself or in a language of the interface;
    or nothing."""
    name = name.strip()
    match = TAG.fullmatch(name.replace("_", "-"))
    if match and match["language"].lower() in locale("en").languages:
        return canonical(name)
    return _by_name().get(sort_key(name)) or (canonical(name) if match else "")


@cache
def _by_name() -> dict[str, str]:
    found = {sort_key(own_name(tag)): tag for tag in USUAL}
    for code, _its_name in settings.LANGUAGES:
        for tag, one in locale(code).languages.items():
            found.setdefault(sort_key(one), tag.replace("_", "-"))
        for tag in USUAL:
            found.setdefault(sort_key(_name(tag, code)), tag)
    return found


def own_name(tag: str) -> str:
    """The language's name in itself: for links to a text in it."""
    return _name(tag, tag)


def sort_key(words: str) -> str:
    """Words as they are sorted among others: marks on letters and capitals make no difference.

    Near to CLDR's root collation for the scripts of the interface, without ICU.
    """
    letters = unicodedata.normalize("NFKD", words)
    return "".join(one for one in letters if not unicodedata.combining(one)).casefold()


def isolated(words: str) -> str:
    """Words of any language, that turn nothing beside them round where there is no markup."""
    return f"\N{FIRST STRONG ISOLATE}{words}\N{POP DIRECTIONAL ISOLATE}"


# Short and other usual names of territories, most of them CLDR's own, which Babel leaves out.
ALSO_CALLED = {
    "BA": ("Bosnia", "Bosnien"),
    "CD": ("Congo (DRC)", "DRC", "Kongo (DR)", "جمهورية الكونغو الديمقراطية"),
    "CG": ("Congo (Republic)", "Kongo (Republik)", "جمهورية الكونغو"),
    "CI": ("Ivory Coast", "Elfenbeinküste", "كوت ديفوار"),
    "CV": ("Kap Verde",),
    "CZ": ("Czech Republic", "Tschechische Republik", "جمهورية التشيك"),
    "GB": ("UK",),
    "HK": ("Hong Kong", "Hongkong", "هونغ كونغ"),
    "MM": ("Burma", "Birma", "ميانمار", "بورما"),
    "MO": ("Macao", "Macau", "ماكاو"),
    "PS": ("Palestine", "Palästina", "فلسطين"),
    "SZ": ("Swaziland", "Swasiland", "سوازيلاند"),
    "TL": ("East Timor", "Osttimor", "تيمور الشرقية"),
    "TR": ("Turkey",),
    "US": ("USA",),
}


def territory(code: str) -> str:
    """A country's or territory's name in the interface's language; the code if unknown."""
    return locale(get_language() or "en").territories.get(code, code)


@cache
def territory_names(code: str) -> frozenset[str]:
    """A country's or territory's names in the languages of the interface, and others that are
    usual, for searching."""
    names = {locale(tag).territories.get(code, code) for tag, _name in settings.LANGUAGES}
    return frozenset(names.union(ALSO_CALLED.get(code, ())))
