from statements.models import Organisation
from tests.admin.signed_in import EditorTestCase, rows
from tests.admin.test_records import organisation_form
from tests.factories import make_organisation


class TwoEditorsTests(EditorTestCase):
    def setUp(self):
        super().setUp()
        self.organisation = make_organisation("Dockers", slug="dockers")
        self.english = self.organisation.names.create(language="en", name="Dock workers")
        self.french = self.organisation.names.create(language="fr", name="Dockers de France")
        self.address = f"/admin/statements/organisation/{self.organisation.pk}/change/"

    def form(self, *names, initial=2, **changes):
        data = organisation_form(name="Dockers", slug="dockers")
        return data | rows("names", *names, initial=initial) | changes

    def row(self, stored, **changes):
        owner = {"id": stored.pk, "organisation": self.organisation.pk, "acronym": ""}
        return owner | {"language": stored.language, "name": stored.name} | changes

    def first_saves(self):
        """The first editor renames, takes a name away and adds one."""
        self.assert_saved(
            self.client.post(
                self.address,
                self.form(
                    self.row(self.english, DELETE="on"),
                    self.row(self.french),
                    {"language": "de", "name": "Hafenarbeiter", "id": ""},
                    acronym="FIRST",
                ),
            )
        )

    def second_form(self, **changes):
        return self.form(
            self.row(self.english, name="Port workers"),
            self.row(self.french),
            {"language": "ru", "name": "Докеры", "id": ""},
            acronym="SECOND",
            **changes,
        )

    def test_the_second_to_save_sees_both_and_nothing_is_written(self):
        self.first_saves()

        response = self.client.post(self.address, self.second_form())

        self.organisation.refresh_from_db()
        self.assertEqual((self.organisation.acronym, self.organisation.edition), ("FIRST", 1))
        self.assertEqual(
            [(one.label, one.theirs, one.yours) for one in response.context["differences"]],
            [
                ("Acronym", "FIRST", "SECOND"),
                ("Other name", "", "en, Port workers"),
                ("Other name", "", "ru, Докеры"),
                ("Other name", "de, Hafenarbeiter", ""),
            ],
        )
        self.assertContains(response, 'value="SECOND"')
        self.assertContains(response, 'value="Port workers"')
        self.assertContains(response, '<input type="hidden" name="edition" value="1"')

    def test_saving_once_more_keeps_what_the_second_typed_and_what_the_first_added(self):
        self.first_saves()
        refused = self.client.post(self.address, self.second_form())
        form = refused.context["adminform"].form
        posted = {
            **{name: form[name].value() for name in ("name", "language", "acronym", "slug")},
            **self.second_form(edition=form["edition"].value()),
        }

        self.assert_saved(self.client.post(self.address, posted))

        self.organisation.refresh_from_db()
        self.assertEqual((self.organisation.acronym, self.organisation.edition), ("SECOND", 2))
        self.assertEqual(
            set(self.organisation.names.values_list("language", "name")),
            {
                ("en", "Port workers"),
                ("fr", "Dockers de France"),
                ("de", "Hafenarbeiter"),
                ("ru", "Докеры"),
            },
        )

    def test_a_form_without_an_edition_is_refused_too(self):
        data = self.form(initial=0, acronym="X")
        del data["edition"]

        self.client.post(self.address, data)

        self.assertEqual(Organisation.objects.get().acronym, "")
