import os
import tempfile
from io import StringIO
from pathlib import Path
from unittest import mock

from django.core.management import CommandError, call_command
from django.test import TestCase

from statements.demo.workflow import CONTENT
from statements.importers import workflow
from statements.importers.text import read
from statements.models import Authorship, Revision, SiteSettings, Statement, Suggestion, Text
from statements.publishing import wording
from tests.factories import make_organisation

SEED = CONTENT / "seed.en.txt"
SHORT = "Pay the dockers\n\nWe demand our wages.\n\n{signature}\n"


def run(file, **options):
    output = StringIO()
    call_command("import_statement", str(file), stdout=output, **options)
    return output.getvalue()


class FileTests(TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def file(self, words, name="statement.txt"):
        path = self.folder / name
        path.write_bytes(words if isinstance(words, bytes) else words.encode())
        return path


class ImportTests(FileTests):
    def signed(self, signature):
        """The authors and the notes on them of a statement signed like this."""
        run(self.file(SHORT.format(signature=signature)))
        statement = Statement.objects.get()
        authors = [
            (author.organisation.name if author.organisation else None, author.name_as_printed)
            for author in statement.authorships.select_related("organisation")
        ]
        notes = statement.suggestions.notes().values_list("kind", "words")
        return authors, list(notes)

    def test_the_seed_becomes_a_draft_that_nobody_sees(self):
        union = make_organisation("Российское социалистическое движение", language="ru")
        union.names.create(language="en", name="Russian Socialist  Movement", acronym="RSD")

        output = run(SEED)

        text = Text.objects.get()
        revision = text.working_revision
        self.assertEqual((text.language, text.authority), ("en", "unknown"))
        self.assertTrue(text.is_leading)
        self.assertFalse(text.is_public)
        self.assertEqual(
            (revision.title, revision.original_title, revision.surtitle, revision.postscript),
            (
                "Russian Socialist Movement on Belarus",
                "For free elections and against repression in Belarus",
                "",
                "",
            ),
        )
        self.assertEqual((revision.introduction.count("<p>"), revision.body.count("<p>")), (1, 4))
        self.assertTrue(
            revision.body.endswith(
                "<p>Hands off from free elections! No to repressions!</p>\n"
                "<p>Russian Socialist Movement</p>"
            )
        )
        self.assertNotIn("donat", revision.body)
        author = text.statement.authorships.get()
        self.assertEqual(
            (author.organisation, author.name_as_printed), (union, "Russian Socialist Movement")
        )
        self.assertEqual(
            list(text.statement.suggestions.demands().values_list("voice", "field", "words"))[2:],
            [
                ("organisation", "body", "Hands off from free elections!"),
                ("organisation", "body", "No to repressions!"),
            ],
        )
        self.assertFalse(text.statement.demands_made.exists())
        self.assertIn("Signed: Russian Socialist Movement (the organisation ", output)
        self.assertIn("Draft made: Russian Socialist Movement on Belarus", output)
        self.assertEqual(self.client.get(f"/statements/{text.slug}/").status_code, 404)

    def test_every_suggestion_stands_in_the_draft(self):
        run(SEED)

        revision = Revision.objects.get()
        suggestions = Suggestion.objects.demands()
        self.assertEqual(len(suggestions), 4)
        for suggestion in suggestions:
            self.assertTrue(wording.contains(revision, suggestion.field, suggestion.words))

    def test_an_organisation_is_known_by_any_of_its_names(self):
        union = make_organisation("Example Dockers’ Union", acronym="EDU")
        union.names.create(language="ru", name="Союз докеров", acronym="СД")
        for signature in (
            "EXAMPLE  dockers' union",
            "Example Dockers’ Union (EDU)",
            "E.D.U.",
            "союз докеров",
            "Сд",
        ):
            with self.subTest(signature):
                Authorship.objects.all().delete()
                Suggestion.objects.all().delete()
                Statement.objects.update(import_fingerprint=None)
                run(self.file(SHORT.format(signature=signature)))
                author = Authorship.objects.get()
                self.assertEqual(
                    (author.organisation, author.name_as_printed),
                    (union, " ".join(signature.split())),
                )

    def test_an_unknown_signature_is_an_author_by_name_alone(self):
        self.assertEqual(
            self.signed("Strangers’ Union"),
            ([(None, "Strangers’ Union")], [("unknown-author", "Strangers’ Union")]),
        )

    def test_a_name_that_two_organisations_bear_is_not_decided(self):
        make_organisation("Docks One", acronym="DU")
        make_organisation("Docks Two", acronym="DU")

        self.assertEqual(self.signed("DU"), ([(None, "DU")], [("shared-name", "DU")]))

    def test_an_organisation_that_signs_twice_is_one_author(self):
        make_organisation("Docks", acronym="DU")

        authors, _notes = self.signed("Docks\nDU")

        self.assertEqual(authors, [("Docks", "Docks")])

    def test_the_same_file_again_makes_no_second_statement(self):
        run(SEED)
        copy = self.file(b"\xef\xbb\xbf" + SEED.read_bytes().replace(b"\n", b"\r\n"))

        output = run(copy)

        self.assertEqual(
            output.splitlines()[-1],
            "Imported already: Russian Socialist Movement on Belarus"
            f" (statement {Statement.objects.get().pk}). Nothing was written.",
        )

    def test_an_import_that_was_a_moment_faster_wins(self):
        draft = read(SEED.read_bytes())
        first = workflow.import_draft(draft).statement

        with (
            mock.patch.object(workflow, "imported", side_effect=[None, first]),
            self.assertRaises(workflow.AlreadyImported) as caught,
        ):
            workflow.import_draft(draft)

        self.assertEqual(caught.exception.statement, first)
        self.assertEqual((Statement.objects.count(), Text.objects.count()), (1, 1))

    def test_a_dry_run_writes_nothing(self):
        output = run(SEED, dry_run=True)

        self.assertEqual(output.splitlines()[-1], "Nothing was written.")
        self.assertFalse(Statement.objects.exists())

    def test_the_language_is_given_or_said_to_be_guessed(self):
        guess = "The language is a guess from the script; --language gives it."
        guessed = run(self.file(SHORT.format(signature="Союз")), dry_run=True)
        given = run(self.file(SHORT.format(signature="Союз")), language="sr_latn", dry_run=True)

        self.assertIn(guess, guessed)
        self.assertNotIn(guess, given)
        self.assertIn("Language: sr-Latn", given)

    def test_the_sites_own_appeal_is_recognised(self):
        site = SiteSettings.objects.create(pk=1)
        site.texts.create(language="de", appeal="<p>Dieses Archiv lebt von <b>allen</b>.</p>")

        run(self.file(SHORT.format(signature="Union\n\nDieses Archiv lebt von\nallen.")))

        self.assertEqual(Revision.objects.get().body, "<p>We demand our wages.</p>\n<p>Union</p>")


class RefusalTests(FileTests):
    """Each refusal is one line, an exit status that is not zero, and nothing written."""

    def refusal(self, file, **options):
        with self.assertRaises(CommandError) as caught:
            run(file, **options)
        self.assertFalse(Statement.objects.exists())
        self.assertNotEqual(caught.exception.returncode, 0)
        message = str(caught.exception)
        self.assertNotIn("\n", message)
        return message.removeprefix(f"{file}: ")

    def test_no_such_file(self):
        self.assertEqual(self.refusal(self.folder / "none"), "No such file or directory.")

    def test_a_folder(self):
        self.assertEqual(self.refusal(self.folder), "Is a directory.")

    def test_no_permission(self):
        with mock.patch.object(Path, "open", side_effect=PermissionError(13, "Permission denied")):
            self.assertEqual(self.refusal(SEED), "Permission denied.")

    def test_a_file_of_fifty_megabytes_is_not_even_read(self):
        path = self.folder / "large"
        with path.open("wb") as file:
            os.truncate(file.fileno(), 50_000_000)

        self.assertEqual(
            self.refusal(path), "The file is too large: at most 1,200,000 bytes can be read."
        )

    def test_a_binary_file(self):
        self.assertEqual(
            self.refusal(self.file(b"\x89PNG\r\n\x1a\n\x00")),
            "This is a picture, not plain text. Save it as plain text first.",
        )

    def test_an_empty_file(self):
        self.assertEqual(self.refusal(self.file("")), "The file is empty: there is no word in it.")

    def test_more_paragraphs_than_a_text_may_have(self):
        words = "Title\n" + "\nparagraph.\n" * 5_000
        self.assertEqual(
            self.refusal(self.file(words)),
            "The text's markup is nested too deeply or has too many tags.",
        )

    def test_a_language_that_is_no_tag(self):
        self.assertEqual(
            self.refusal(SEED, language="Klingon!"),
            "“Klingon!” is not a language tag. Write it like en, pt-BR or sr-Latn.",
        )

    def test_a_path_that_is_none(self):
        self.assertEqual(self.refusal("a\0b").count("null"), 1)
