"""Put in the first reasons to decline; what is there stays."""

from django.db import migrations

# Code: in each language what the reason is called, and what the sender is told.
REASONS = {
    "duplicate": {
        "en": (
            "duplicate",
            "Thank you. This statement is on the site already, so it is not published again.",
        ),
        "de": (
            "doppelt",
            "Vielen Dank. Diese Erklärung steht bereits auf der Website und wird daher nicht"
            " noch einmal veröffentlicht.",
        ),
        "ar": ("مكرر", "شكرًا لكم. هذا البيان منشور على الموقع بالفعل، ولذلك لا يُنشر مرة أخرى."),
    },
    "out-of-scope": {
        "en": (
            "out of scope",
            "Thank you. This site collects statements of solidarity by organisations. What you"
            " sent is about something else.",
        ),
        "de": (
            "passt nicht hierher",
            "Vielen Dank. Diese Website sammelt Solidaritätserklärungen von Organisationen. Ihre"
            " Einsendung handelt von etwas anderem.",
        ),
        "ar": (
            "خارج موضوع الموقع",
            "شكرًا لكم. يجمع هذا الموقع بيانات التضامن الصادرة عن منظمات، وما أرسلتموه يتناول أمرًا آخر.",
        ),
    },
    "no-position": {
        "en": (
            "no demand or position",
            "Thank you. The text reports on something and takes no position, so it is no"
            " statement in the sense of this site.",
        ),
        "de": (
            "keine Forderung oder Haltung",
            "Vielen Dank. Der Text berichtet, bezieht aber keine Stellung, und ist daher keine"
            " Erklärung im Sinne dieser Website.",
        ),
        "ar": (
            "لا مطلب فيه ولا موقف",
            "شكرًا لكم. ينقل النص خبرًا ولا يتخذ موقفًا، فليس بيانًا بالمعنى المقصود في هذا الموقع.",
        ),
    },
    "fabricated-sender": {
        "en": (
            "fabricated sender",
            "We could not find that this organisation issued the statement. If it did, tell us"
            " where we can see that.",
        ),
        "de": (
            "erfundener Absender",
            "Wir konnten nicht feststellen, dass diese Organisation die Erklärung abgegeben"
            " hat. Falls doch, teilen Sie uns mit, wo das zu sehen ist.",
        ),
        "ar": (
            "مُرسِل مختلَق",
            "لم نجد ما يدل على أن هذه المنظمة أصدرت البيان. إن كانت قد أصدرته فأخبرونا أين يمكن"
            " التحقق من ذلك.",
        ),
    },
    "defamatory": {
        "en": (
            "defamatory",
            "The text says things about persons that we cannot check and that could harm them.",
        ),
        "de": (
            "verleumderisch",
            "Der Text sagt über Personen etwas aus, das wir nicht prüfen können und das ihnen"
            " schaden könnte.",
        ),
        "ar": ("تشهير", "يقول النص عن أشخاص أمورًا لا نستطيع التحقق منها وقد تضرّ بهم."),
    },
    "incitement": {
        "en": ("incites violence", "The text calls for violence against people."),
        "de": ("ruft zu Gewalt auf", "Der Text ruft zu Gewalt gegen Menschen auf."),
        "ar": ("تحريض على العنف", "يدعو النص إلى العنف ضد أشخاص."),
    },
    "unsafe": {
        "en": (
            "unsafe for persons named",
            "The text names persons whom its publication could put at risk. If they agree, or"
            " their families or lawyers do, tell us.",
        ),
        "de": (
            "gefährlich für genannte Personen",
            "Der Text nennt Personen, die eine Veröffentlichung gefährden könnte. Wenn sie selbst,"
            " ihre Familien oder ihre anwaltliche Vertretung einverstanden sind, teilen Sie uns das"
            " mit.",
        ),
        "ar": (
            "خطر على أشخاص مذكورين",
            "يذكر النص أشخاصًا قد يعرّضهم نشره للخطر. إن وافقوا هم أو عائلاتهم أو محاموهم"
            " فأخبرونا بذلك.",
        ),
    },
    "advertising": {
        "en": ("advertising", "What you sent is advertising and no statement."),
        "de": ("Werbung", "Ihre Einsendung ist Werbung und keine Erklärung."),
        "ar": ("إعلان تجاري", "ما أرسلتموه إعلان وليس بيانًا."),
    },
    "unreadable": {
        "en": (
            "unreadable",
            "We could not read the text: much of it is missing or garbled. Please send it once"
            " more.",
        ),
        "de": (
            "nicht lesbar",
            "Wir konnten den Text nicht lesen: Vieles fehlt oder ist entstellt. Bitte senden Sie"
            " ihn noch einmal.",
        ),
        "ar": (
            "غير مقروء",
            "لم نستطع قراءة النص: كثير منه ناقص أو مشوّه. نرجو إرساله مرة أخرى.",
        ),
    },
    "mandate": {
        "en": (
            "needs proof of mandate",
            "We could not see that you may send this for the organisation. Please have it sent"
            " from an address of the organisation, or publish it on its website first.",
        ),
        "de": (
            "Vollmacht fehlt",
            "Wir konnten nicht erkennen, dass Sie dies für die Organisation einsenden dürfen. Bitte"
            " lassen Sie es von einer Adresse der Organisation senden, oder veröffentlichen Sie es"
            " zuerst auf deren Website.",
        ),
        "ar": (
            "يلزم إثبات التفويض",
            "لم نتمكن من التأكد من أنكم مخوّلون إرسال هذا نيابة عن المنظمة. نرجو إرساله من عنوان تابع"
            " للمنظمة أو نشره على موقعها أولًا.",
        ),
    },
}


def put_in(apps, schema_editor):
    reasons = apps.get_model("statements", "DeclineReason").objects
    rows = apps.get_model("statements", "DeclineWords").objects
    for position, (code, languages) in enumerate(REASONS.items(), 1):
        reason, is_new = reasons.get_or_create(code=code, defaults={"position": position * 10})
        if is_new:
            for language, (name, words) in languages.items():
                rows.create(reason=reason, language=language, name=name, words=words)


class Migration(migrations.Migration):
    replaces = [("statements", "0015_first_reasons_to_decline")]

    dependencies = [("statements", "0003_roles_of_staff")]

    operations = [migrations.RunPython(put_in, migrations.RunPython.noop)]
