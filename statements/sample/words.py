"""The vocabulary of invented content. Towns and persons are syllables, so nobody is meant."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import lru_cache

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


DEMAND_KINDS = ("release", "violence", "labour", "prices", "land", "unions")
EVENT_TYPES = ("election", "strike", "protest", "trial")
CLASSIFICATIONS = ("union", "ngo", "movement", "network")
TAGS = (
    "labour rights",
    "political prisoners",
    "elections",
    "strikes",
    "housing",
    "women",
    "climate",
    "migration",
    "press freedom",
    "education",
    "health",
    "land",
    "prices",
    "police",
    "antifascism",
    "pensions",
    "mining",
    "textiles",
    "ports",
    "railways",
    "agriculture",
    "energy",
    "water",
    "students",
    "teachers",
    "nurses",
    "courts",
    "torture",
    "disappearances",
    "censorship",
    "internet",
    "peace",
    "refugees",
    "minorities",
    "youth",
    "disability",
    "safety at work",
    "privatisation",
    "debt",
    "taxes",
)

LANGUAGES = {
    "en": Vocabulary(
        "Latn",
        (
            "Solidarity with the workers of {town}",
            "No evictions in {town}",
            "On the arrests in {town}",
            "{town} is not alone: to all unions and friends",
        ),
        (
            "For three weeks the workers of {town} have been standing at the gates.",
            "The authorities answered with arrests, fines and dismissals.",
            "We know these methods, and we know that they do not last.",
            "Nobody in {town} was asked before the decision was taken.",
            "Our members collect food, money and blankets every evening.",
            "The families have had no news since Monday.",
            "What happens in {town} today can happen to all of us tomorrow.",
            "We call on all organisations to make their position public.",
        ),
        (
            "Release everybody arrested at the {other} works in {town}.",
            "End the violence against the people of {other} Street in {town}.",
            "Pay the wages owed at the {other} mine in {town}.",
            "Take back the price rises in {town} and {other}.",
            "Give the land of {other} back to the people of {town}.",
            "Recognise the union at the {other} mill in {town}.",
        ),
        (
            "Local election in {town}",
            "Strike at the {town} works",
            "Protests in {town}",
            "Trial of the dockers of {town}",
        ),
        (
            "{town} Workers' Union",
            "{town} Centre for Human Rights",
            "Movement for {town}",
            "{town} Solidarity Network",
        ),
        "We publish this text in full. The editors join its call:",
        "We think of {person}, who cannot be with us.",
        "This text may be copied with its source.",
    ),
    "fr": Vocabulary(
        "Latn",
        (
            "Solidarité avec les ouvriers de {town}",
            "Non aux expulsions à {town}",
            "Sur les arrestations à {town}",
            "{town} n’est pas seule",
        ),
        (
            "Depuis trois semaines, les ouvriers de {town} se tiennent devant les portes.",
            "Les autorités ont répondu par des arrestations et des licenciements.",
            "Nous connaissons ces méthodes et nous savons qu’elles ne durent pas.",
            "À {town}, personne n’a été consulté avant la décision.",
            "Nos adhérents collectent chaque soir des vivres et des couvertures.",
            "Les familles sont sans nouvelles depuis lundi.",
            "Ce qui arrive à {town} peut nous arriver à tous demain.",
            "Nous appelons toutes les organisations à prendre position.",
        ),
        (
            "Libérez toutes les personnes arrêtées à l’usine {other} de {town}.",
            "Cessez les violences contre les habitants de la rue {other} à {town}.",
            "Payez les salaires dus à la mine {other} de {town}.",
            "Annulez les hausses de prix à {town} et à {other}.",
            "Rendez les terres de {other} aux habitants de {town}.",
            "Reconnaissez le syndicat de la filature {other} à {town}.",
        ),
        (
            "Élection municipale à {town}",
            "Grève aux ateliers de {town}",
            "Manifestations à {town}",
            "Procès des dockers de {town}",
        ),
        (
            "Syndicat des travailleurs de {town}",
            "Centre des droits humains de {town}",
            "Mouvement pour {town}",
            "Réseau de solidarité de {town}",
        ),
        "Nous publions ce texte en entier. La rédaction s’associe à son appel :",
        "Nous pensons à {person}, qui ne peut être parmi nous.",
        "Ce texte peut être repris avec sa source.",
    ),
    "es": Vocabulary(
        "Latn",
        (
            "Solidaridad con los trabajadores de {town}",
            "No a los desalojos en {town}",
            "Sobre las detenciones en {town}",
            "{town} no está sola",
        ),
        (
            "Desde hace tres semanas los trabajadores de {town} están ante las puertas.",
            "Las autoridades respondieron con detenciones, multas y despidos.",
            "Conocemos esos métodos y sabemos que no duran.",
            "En {town} no se preguntó a nadie antes de decidir.",
            "Nuestros afiliados reúnen cada tarde comida, dinero y mantas.",
            "Las familias no tienen noticias desde el lunes.",
            "Lo que hoy ocurre en {town} mañana puede pasarnos a todos.",
            "Llamamos a todas las organizaciones a pronunciarse.",
        ),
        (
            "Libertad para todos los detenidos en la fábrica {other} de {town}.",
            "Fin de la violencia contra los vecinos de la calle {other} en {town}.",
            "Paguen los salarios que se deben en la mina {other} de {town}.",
            "Retiren las subidas de precios en {town} y {other}.",
            "Devuelvan las tierras de {other} a la gente de {town}.",
            "Reconozcan el sindicato de la hilandería {other} en {town}.",
        ),
        (
            "Elecciones municipales en {town}",
            "Huelga en los talleres de {town}",
            "Protestas en {town}",
            "Juicio a los estibadores de {town}",
        ),
        (
            "Sindicato de Trabajadores de {town}",
            "Centro de Derechos Humanos de {town}",
            "Movimiento por {town}",
            "Red de Solidaridad de {town}",
        ),
        "Publicamos este texto íntegro. La redacción se suma a su llamamiento:",
        "Pensamos en {person}, que no puede estar con nosotros.",
        "Este texto puede reproducirse citando la fuente.",
    ),
    "de": Vocabulary(
        "Latn",
        (
            "Solidarität mit den Beschäftigten in {town}",
            "Keine Räumungen in {town}",
            "Zu den Festnahmen in {town}",
            "{town} ist nicht allein",
        ),
        (
            "Seit drei Wochen stehen die Beschäftigten von {town} vor den Toren.",
            "Die Behörden antworteten mit Festnahmen, Geldstrafen und Entlassungen.",
            "Wir kennen diese Methoden und wissen, dass sie nicht von Dauer sind.",
            "In {town} wurde vor der Entscheidung niemand gefragt.",
            "Unsere Mitglieder sammeln jeden Abend Essen, Geld und Decken.",
            "Die Familien haben seit Montag keine Nachricht.",
            "Was heute in {town} geschieht, kann morgen uns allen geschehen.",
            "Wir rufen alle Organisationen auf, öffentlich Stellung zu nehmen.",
        ),
        (
            "Freiheit für alle, die im Werk {other} in {town} festgenommen wurden.",
            "Schluss mit der Gewalt gegen die Menschen der {other}-Straße in {town}.",
            "Zahlt die ausstehenden Löhne der Grube {other} in {town}.",
            "Nehmt die Preiserhöhungen in {town} und {other} zurück.",
            "Gebt den Menschen von {town} das Land von {other} zurück.",
            "Erkennt die Gewerkschaft in der Spinnerei {other} in {town} an.",
        ),
        (
            "Kommunalwahl in {town}",
            "Streik im Werk {town}",
            "Proteste in {town}",
            "Prozess gegen die Hafenarbeiter von {town}",
        ),
        (
            "Gewerkschaftsbund {town}",
            "Zentrum für Menschenrechte {town}",
            "Bewegung für {town}",
            "Solidaritätsnetz {town}",
        ),
        "Wir veröffentlichen diesen Text ungekürzt. Die Redaktion schließt sich an:",
        "Wir denken an {person}, die nicht bei uns sein kann.",
        "Dieser Text darf mit Quellenangabe weitergegeben werden.",
    ),
    "pt": Vocabulary(
        "Latn",
        (
            "Solidariedade com os trabalhadores de {town}",
            "Não aos despejos em {town}",
            "Sobre as prisões em {town}",
            "{town} não está só",
        ),
        (
            "Há três semanas que os trabalhadores de {town} estão diante dos portões.",
            "As autoridades responderam com prisões, multas e despedimentos.",
            "Conhecemos estes métodos e sabemos que não duram.",
            "Em {town} ninguém foi ouvido antes da decisão.",
            "Os nossos associados recolhem comida e cobertores todas as noites.",
            "As famílias estão sem notícias desde segunda-feira.",
            "O que acontece hoje em {town} pode acontecer amanhã a todos nós.",
            "Apelamos a todas as organizações para que tomem posição.",
        ),
        (
            "Libertem todas as pessoas presas na fábrica {other} em {town}.",
            "Fim da violência contra os moradores da rua {other} em {town}.",
            "Paguem os salários em atraso na mina {other} em {town}.",
            "Anulem os aumentos de preços em {town} e {other}.",
            "Devolvam as terras de {other} ao povo de {town}.",
            "Reconheçam o sindicato da fiação {other} em {town}.",
        ),
        (
            "Eleições autárquicas em {town}",
            "Greve nas oficinas de {town}",
            "Protestos em {town}",
            "Julgamento dos estivadores de {town}",
        ),
        (
            "Sindicato dos Trabalhadores de {town}",
            "Centro de Direitos Humanos de {town}",
            "Movimento por {town}",
            "Rede de Solidariedade de {town}",
        ),
        "Publicamos este texto na íntegra. A redação junta-se ao apelo:",
        "Pensamos em {person}, que não pode estar connosco.",
        "Este texto pode ser reproduzido com indicação da fonte.",
    ),
    "ru": Vocabulary(
        "Cyrl",
        (
            "Солидарность с рабочими города {town}",
            "Нет выселениям: {town}",
            "Об арестах в городе {town}",
            "{town} не одна: обращение к профсоюзам",
        ),
        (
            "Уже три недели рабочие города {town} стоят у ворот.",
            "Власти ответили арестами, штрафами и увольнениями.",
            "Мы знаем эти методы и знаем, что они недолговечны.",
            "Перед решением в городе {town} никого не спросили.",
            "Наши товарищи каждый вечер собирают еду, деньги и одеяла.",
            "Семьи с понедельника ничего не знают о близких.",
            "То, что сегодня происходит в городе {town}, завтра может коснуться всех.",
            "Мы призываем все организации высказаться открыто.",
        ),
        (
            "Освободите всех задержанных на заводе «{other}» в городе {town}.",
            "Прекратите насилие против жителей улицы {other} в городе {town}.",
            "Выплатите долги по зарплате на шахте «{other}» в городе {town}.",
            "Отмените повышение цен в городах {town} и {other}.",
            "Верните землю {other} жителям города {town}.",
            "Признайте профсоюз на фабрике «{other}» в городе {town}.",
        ),
        (
            "Местные выборы: {town}",
            "Забастовка на заводе «{town}»",
            "Протесты: {town}",
            "Суд над докерами города {town}",
        ),
        (
            "Профсоюз рабочих города {town}",
            "Правозащитный центр «{town}»",
            "Движение за {town}",
            "Сеть солидарности «{town}»",
        ),
        "Мы публикуем текст полностью. Редакция присоединяется к призыву:",
        "Мы помним: {person} не может быть сегодня с нами.",
        "Текст можно перепечатывать со ссылкой на источник.",
    ),
    "uk": Vocabulary(
        "Cyrl",
        (
            "Солідарність із робітниками міста {town}",
            "Ні виселенням: {town}",
            "Про арешти в місті {town}",
            "{town} не одна: звернення до профспілок",
        ),
        (
            "Уже три тижні робітники міста {town} стоять біля брами.",
            "Влада відповіла арештами, штрафами та звільненнями.",
            "Ми знаємо ці методи і знаємо, що вони недовговічні.",
            "Перед рішенням у місті {town} нікого не спитали.",
            "Наші товариші щовечора збирають їжу, гроші й ковдри.",
            "Родини з понеділка нічого не знають про близьких.",
            "Те, що сьогодні діється в місті {town}, завтра може торкнутися всіх.",
            "Ми закликаємо всі організації висловитися відкрито.",
        ),
        (
            "Звільніть усіх затриманих на заводі «{other}» у місті {town}.",
            "Припиніть насильство проти мешканців вулиці {other} у місті {town}.",
            "Виплатіть борги із зарплати на шахті «{other}» у місті {town}.",
            "Скасуйте підвищення цін у містах {town} та {other}.",
            "Поверніть землю {other} мешканцям міста {town}.",
            "Визнайте профспілку на фабриці «{other}» у місті {town}.",
        ),
        (
            "Місцеві вибори: {town}",
            "Страйк на заводі «{town}»",
            "Протести: {town}",
            "Суд над докерами міста {town}",
        ),
        (
            "Профспілка робітників міста {town}",
            "Правозахисний центр «{town}»",
            "Рух за {town}",
            "Мережа солідарності «{town}»",
        ),
        "Ми публікуємо текст повністю. Редакція долучається до заклику:",
        "Ми пам’ятаємо: {person} не може бути сьогодні з нами.",
        "Текст можна передруковувати з посиланням на джерело.",
    ),
    "ar": Vocabulary(
        "Arab",
        (
            "تضامن مع عمال {town}",
            "لا للإخلاء في {town}",
            "عن الاعتقالات في {town}",
            "{town} ليست وحدها",
        ),
        (
            "منذ ثلاثة أسابيع يقف عمال {town} أمام الأبواب.",
            "ردت السلطات بالاعتقالات والغرامات والفصل من العمل.",
            "نعرف هذه الأساليب ونعرف أنها لا تدوم.",
            "لم يُسأل أحد في {town} قبل اتخاذ القرار.",
            "يجمع أعضاؤنا كل مساء الطعام والمال والأغطية.",
            "لا أخبار لدى العائلات منذ يوم الاثنين.",
            "ما يحدث اليوم في {town} قد يحدث غدًا لنا جميعًا.",
            "ندعو كل المنظمات إلى إعلان موقفها.",
        ),
        (
            "أطلقوا سراح كل المعتقلين في مصنع {other} في {town}.",
            "أوقفوا العنف ضد سكان شارع {other} في {town}.",
            "ادفعوا الأجور المستحقة في منجم {other} في {town}.",
            "ألغوا زيادة الأسعار في {town} و{other}.",
            "أعيدوا أرض {other} إلى أهل {town}.",
            "اعترفوا بالنقابة في معمل {other} في {town}.",
        ),
        (
            "الانتخابات المحلية في {town}",
            "إضراب مصنع {town}",
            "احتجاجات {town}",
            "محاكمة عمال ميناء {town}",
        ),
        (
            "نقابة عمال {town}",
            "مركز {town} لحقوق الإنسان",
            "الحركة من أجل {town}",
            "شبكة {town} للتضامن",
        ),
        "ننشر هذا النص كاملًا، وتنضم هيئة التحرير إلى ندائه:",
        "نفكر في {person} الغائب عنا اليوم.",
        "يمكن نقل هذا النص مع ذكر مصدره.",
    ),
    "fa": Vocabulary(
        "Arab",
        (
            "همبستگی با کارگران {town}",
            "نه به تخلیهٔ خانه‌ها در {town}",
            "دربارهٔ بازداشت‌ها در {town}",
            "{town} تنها نیست",
        ),
        (
            "سه هفته است که کارگران {town} پشت درها ایستاده‌اند.",
            "مقام‌ها با بازداشت، جریمه و اخراج پاسخ دادند.",
            "این شیوه‌ها را می‌شناسیم و می‌دانیم که نمی‌پایند.",
            "در {town} پیش از تصمیم از هیچ‌کس نپرسیدند.",
            "اعضای ما هر شب غذا، پول و پتو جمع می‌کنند.",
            "خانواده‌ها از دوشنبه خبری ندارند.",
            "آنچه امروز در {town} می‌گذرد فردا شاید بر همهٔ ما بگذرد.",
            "از همهٔ سازمان‌ها می‌خواهیم موضع خود را اعلام کنند.",
        ),
        (
            "همهٔ بازداشت‌شدگان کارخانهٔ {other} در {town} را آزاد کنید.",
            "خشونت علیه مردم خیابان {other} در {town} را پایان دهید.",
            "دستمزدهای عقب‌افتادهٔ معدن {other} در {town} را بپردازید.",
            "گرانی در {town} و {other} را پس بگیرید.",
            "زمین {other} را به مردم {town} بازگردانید.",
            "اتحادیهٔ کارخانهٔ {other} در {town} را به رسمیت بشناسید.",
        ),
        (
            "انتخابات محلی {town}",
            "اعتصاب کارخانهٔ {town}",
            "اعتراض‌های {town}",
            "محاکمهٔ کارگران بندر {town}",
        ),
        (
            "اتحادیهٔ کارگران {town}",
            "کانون حقوق بشر {town}",
            "جنبش برای {town}",
            "شبکهٔ همبستگی {town}",
        ),
        "این متن را کامل منتشر می‌کنیم. هیئت تحریریه به فراخوان آن می‌پیوندد:",
        "به {person} می‌اندیشیم که امروز با ما نیست.",
        "بازنشر این متن با ذکر منبع آزاد است.",
    ),
    "el": Vocabulary(
        "Grek",
        (
            "Αλληλεγγύη στους εργάτες: {town}",
            "Όχι στις εξώσεις: {town}",
            "Για τις συλλήψεις: {town}",
            "{town}: δεν είναι μόνη της",
        ),
        (
            "Τρεις εβδομάδες οι εργάτες στέκονται μπροστά στις πύλες: {town}.",
            "Οι αρχές απάντησαν με συλλήψεις, πρόστιμα και απολύσεις.",
            "Ξέρουμε αυτές τις μεθόδους και ξέρουμε ότι δεν κρατούν.",
            "Κανείς δεν ρωτήθηκε πριν από την απόφαση.",
            "Τα μέλη μας μαζεύουν κάθε βράδυ τρόφιμα, χρήματα και κουβέρτες.",
            "Οι οικογένειες δεν έχουν νέα από τη Δευτέρα.",
            "Ό,τι γίνεται σήμερα εκεί μπορεί αύριο να συμβεί σε όλους μας.",
            "Καλούμε όλες τις οργανώσεις να πάρουν θέση δημόσια.",
        ),
        (
            "Ελευθερώστε όσους συνελήφθησαν στο εργοστάσιο {other} ({town}).",
            "Σταματήστε τη βία στην οδό {other} ({town}).",
            "Πληρώστε τους μισθούς στο ορυχείο {other} ({town}).",
            "Πάρτε πίσω τις αυξήσεις τιμών: {town}, {other}.",
            "Δώστε πίσω τη γη {other} στον λαό: {town}.",
            "Αναγνωρίστε το σωματείο στο κλωστήριο {other} ({town}).",
        ),
        (
            "Δημοτικές εκλογές: {town}",
            "Απεργία στο εργοστάσιο {town}",
            "Διαδηλώσεις: {town}",
            "Δίκη των λιμενεργατών: {town}",
        ),
        (
            "Σωματείο Εργατών {town}",
            "Κέντρο Ανθρωπίνων Δικαιωμάτων {town}",
            "Κίνηση για {town}",
            "Δίκτυο Αλληλεγγύης {town}",
        ),
        "Δημοσιεύουμε ολόκληρο το κείμενο. Η σύνταξη ενώνει τη φωνή της:",
        "Σκεφτόμαστε: {person}, που λείπει σήμερα από κοντά μας.",
        "Το κείμενο αναδημοσιεύεται με αναφορά της πηγής.",
    ),
    "hi": Vocabulary(
        "Deva",
        (
            "{town} के मज़दूरों के साथ एकजुटता",
            "{town} में बेदखली नहीं चलेगी",
            "{town} में हुई गिरफ़्तारियों पर",
            "{town} अकेला नहीं है",
        ),
        (
            "तीन सप्ताह से {town} के मज़दूर फाटक पर खड़े हैं।",
            "प्रशासन ने गिरफ़्तारी, जुर्माने और छँटनी से जवाब दिया।",
            "हम इन तरीक़ों को जानते हैं और जानते हैं कि ये टिकते नहीं।",
            "{town} में निर्णय से पहले किसी से नहीं पूछा गया।",
            "हमारे साथी हर शाम भोजन, पैसा और कंबल इकट्ठा करते हैं।",
            "परिवारों को सोमवार से कोई ख़बर नहीं मिली है।",
            "जो आज {town} में हो रहा है, कल हम सबके साथ हो सकता है।",
            "हम सभी संगठनों से अपना पक्ष खुलकर रखने की अपील करते हैं।",
        ),
        (
            "{town} के {other} कारख़ाने से गिरफ़्तार सभी लोगों को रिहा करो।",
            "{town} की {other} गली के लोगों पर हिंसा बंद करो।",
            "{town} की {other} खदान की बक़ाया मज़दूरी दो।",
            "{town} और {other} में बढ़े दाम वापस लो।",
            "{other} की ज़मीन {town} के लोगों को लौटाओ।",
            "{town} की {other} मिल की यूनियन को मान्यता दो।",
        ),
        (
            "{town} के स्थानीय चुनाव",
            "{town} कारख़ाने की हड़ताल",
            "{town} के विरोध प्रदर्शन",
            "{town} के बंदरगाह मज़दूरों पर मुक़दमा",
        ),
        ("{town} मज़दूर संघ", "{town} मानवाधिकार केंद्र", "{town} जन आंदोलन", "{town} एकजुटता मंच"),
        "हम यह वक्तव्य पूरा प्रकाशित करते हैं। संपादक भी इस माँग में साथ हैं:",
        "हम {person} को याद करते हैं, जो आज हमारे बीच नहीं हैं।",
        "स्रोत के साथ यह पाठ दोबारा छापा जा सकता है।",
    ),
    "zh": Vocabulary(
        "Hans",
        (
            "声援{town}的工人",
            "反对在{town}强拆",
            "关于{town}的逮捕事件",
            "{town}并不孤单",
        ),
        (
            "三个星期以来，{town}的工人一直站在厂门前。",
            "当局以逮捕、罚款和解雇作为回应。",
            "我们了解这些手段，也知道它们不会长久。",
            "作出决定之前，{town}没有人被征求过意见。",
            "我们的会员每天晚上都在收集食物、钱和毯子。",
            "家属们从星期一起就没有任何消息。",
            "今天发生在{town}的事，明天可能发生在我们每个人身上。",
            "我们呼吁所有组织公开表明立场。",
        ),
        (
            "释放在{town}{other}工厂被捕的所有人。",
            "停止对{town}{other}街居民的暴力。",
            "支付{town}{other}矿山拖欠的工资。",
            "取消{town}和{other}的涨价。",
            "把{other}的土地还给{town}的人民。",
            "承认{town}{other}纺织厂的工会。",
        ),
        ("{town}地方选举", "{town}工厂罢工", "{town}抗议活动", "{town}码头工人案审判"),
        ("{town}工人工会", "{town}人权中心", "{town}人民运动", "{town}声援网络"),
        "我们全文发表这份声明，编辑部响应其中的呼吁：",
        "我们想念{person}，今天无法与我们同在。",
        "转载本文请注明出处。",
    ),
}
# How often a leading text is in each language: most sites have one main language.
WEIGHTS = {
    **{"en": 40, "es": 10, "fr": 9, "ru": 8, "de": 7, "ar": 7},
    **{"pt": 5, "uk": 4, "zh": 3, "el": 3, "hi": 2, "fa": 2},
}
