"""What words become: names of syllables, and sentences with a town, another name or a person in.

Towns and persons are syllables, so nobody is meant.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import lru_cache

DEMAND_KINDS = ("release", "violence", "labour", "prices", "land", "unions")
EVENT_TYPES = ("election", "strike", "protest", "trial")
CLASSIFICATIONS = ("union", "ngo", "movement", "network")
SYLLABLES = {
    "Latn": (
        "Bel Dor Mar Kal Ter Sol Ran Vel Nor Tam Lis Gar",
        "ava imo ona eri uta ida anka oro esh inda ola un",
    ),
    "Cyrl": (
        "Бел Дор Мар Кал Тер Сол Ран Вел Нор Там Лис Гар",
        "ава имо она ери ута ида анка оро еш инда ола ун",
    ),
    "Arab": (
        "بل دور مار كال تير سول ران فيل نور تام ليس غار",
        "افا يمو ونا يري وتا يدا انكا ورو يش يندا ولا ون",
    ),
    "Grek": (
        "Μπελ Ντορ Μαρ Καλ Τερ Σολ Ραν Βελ Νορ Ταμ Λις Γκαρ",
        "άβα ίμο όνα έρι ούτα ίδα άνκα όρο ες ίντα όλα ουν",
    ),
    "Deva": (
        "बेल दोर मार काल तेर सोल रान वेल नोर ताम लिस गार",
        "ावा िमो ोना ेरी ूटा ीदा ांका ोरो ेश िंदा ोला ून",
    ),
    "Hans": (
        "贝尔 多尔 马尔 卡尔 特尔 索尔 兰 维尔 诺尔 塔姆 利斯 加尔",
        "阿瓦 伊莫 奥纳 埃里 乌塔 伊达 安卡 奥罗 埃什 因达 奥拉 温",
    ),
}
NAMES = {
    script: [first + second for first in heads.split() for second in tails.split()]
    for script, (heads, tails) in SYLLABLES.items()
}
COUNT = len(NAMES["Latn"])


@lru_cache(maxsize=20_000)
def _filled(template: str, script: str, town: int, other: int) -> str:
    names = NAMES[script]
    filled = template.format(town=names[town % COUNT], other=names[other % COUNT])
    return unicodedata.normalize("NFC", filled)


@dataclass(frozen=True)
class Vocabulary:
    """What can be said in one language; {town}, {other} and {person} are put in."""

    script: str
    titles: tuple[str, ...]
    sentences: tuple[str, ...]
    demands: tuple[str, ...]  # in the order of DEMAND_KINDS
    events: tuple[str, ...]  # in the order of EVENT_TYPES
    organisations: tuple[str, ...]  # in the order of CLASSIFICATIONS
    introduction: str
    naming: str
    postscript: str

    def fill(self, template: str, town: int, other: int = 0) -> str:
        return _filled(template, self.script, town, other)

    def event(self, kind: int, town: int) -> str:
        return self.fill(self.events[kind], town)

    def organisation(self, kind: int, town: int) -> str:
        return self.fill(self.organisations[kind], town)

    def say(self, kind: int, town: int, other: int) -> str:
        """A demand in this language."""
        return self.fill(self.demands[kind], town, other)

    def name(self, number: int) -> str:
        """The town, or the half of a person's name, of that number in this script."""
        return NAMES[self.script][number % COUNT]

    def person(self, number: int) -> str:
        gap = "·" if self.script == "Hans" else " "
        return f"{self.name(number * 17)}{gap}{self.name(number * 29 + 5)}"
