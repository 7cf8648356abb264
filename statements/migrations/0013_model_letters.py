"""Model letters of demands, and how an addressee is written to."""

import django.db.models.deletion
import statements.languages
import statements.models.base
import statements.models.letter
import statements.plain
from django.db import migrations, models


# Who writes demands writes their letters; who moderates sees them.
ROLES = {
    "Editors": ("view", "add", "change", "delete"),
    "Publishers": ("view", "add", "change", "delete"),
    "Moderators": ("view",),
}


def give_rights(apps, schema_editor):
    """Made here where they are missing: Django makes them after all migrations have run."""
    types = apps.get_model("contenttypes", "ContentType").objects
    content_type, _created = types.get_or_create(app_label="statements", model="demandletter")
    permissions = apps.get_model("auth", "Permission").objects
    for group in apps.get_model("auth", "Group").objects.filter(name__in=ROLES):
        for act in ROLES[group.name]:
            permission, _created = permissions.get_or_create(
                content_type=content_type,
                codename=f"{act}_demandletter",
                defaults={"name": f"Can {act} model letter"},
            )
            group.permissions.add(permission)


class Migration(migrations.Migration):

    dependencies = [
        ('statements', '0012_index_records_apart_from_texts'),
    ]

    operations = [
        migrations.AddField(
            model_name='addressee',
            name='email',
            field=models.EmailField(blank=True, help_text='Visitors are offered to write to it, with their own mail program.', max_length=254, verbose_name='public e-mail address'),
        ),
        migrations.AddField(
            model_name='addressee',
            name='letter_language',
            field=statements.models.base.LanguageField(blank=True, help_text='A model letter in it comes first. Empty: the language of its name.', max_length=35, validators=[statements.languages.validate], verbose_name='language of letters to it'),
        ),
        migrations.CreateModel(
            name='DemandLetter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('language', statements.models.base.LanguageField(max_length=35, validators=[statements.languages.validate], verbose_name='language')),
                ('subject', statements.plain.LineField(max_length=150, verbose_name='subject')),
                ('words', statements.models.letter.LetterField(help_text='Plain text, a blank line between paragraphs. A link that opens a mail program has room for about 1,200 letters of Latin script, and for 250 of others; a longer one is copied by hand.', max_length=2000, verbose_name='letter')),
                ('demand', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='letters', to='statements.demand')),
            ],
            options={
                'verbose_name': 'model letter',
                'verbose_name_plural': 'model letters',
                'ordering': ['language', 'pk'],
            },
        ),
        migrations.RunPython(give_rights, migrations.RunPython.noop),
    ]
