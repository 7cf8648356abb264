"""Attached files in a store that speaks S3: handed over by the site, and to whom it hands them."""

import json
from unittest import mock

import boto3
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import TransactionTestCase, override_settings
from moto.server import ThreadedMotoServer

from statements import aside, uploads
from statements.bucket import problems
from statements.operating import doctor, parts
from statements.publishing import standing
from statements.publishing.attachments import delete_statement, forget_unattached
from tests.backup.site import OwnSite
from tests.factories import make_attachment, make_text, picture_bytes

# The database makes no difference to where files lie.
pytestmark = pytest.mark.once

NAME = "attachments/ab12.png"
TOLD = "list(Attachment.objects.values_list('file', flat=True))"


class Stored(OwnSite, TransactionTestCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.server = ThreadedMotoServer("127.0.0.1", port=0, verbose=False)
        cls.server.start()
        cls.addClassCleanup(cls.server.stop)
        host, port = cls.server.get_host_and_port()
        cls.endpoint = f"http://{host}:{port}"

    def setUp(self):
        super().setUp()
        self.s3 = boto3.client("s3", **self.keys(), region_name="us-east-1")
        self.bucket = f"files-{self.folder.name.lower().replace('_', '-')}"
        self.s3.create_bucket(Bucket=self.bucket)
        self.enterContext(override_settings(STORAGES=self.storages(self.endpoint)))

    def keys(self):
        return {
            "endpoint_url": self.endpoint,
            "aws_access_key_id": "site",
            "aws_secret_access_key": "secret",
        }

    def storages(self, endpoint):
        options = {
            "bucket_name": self.bucket,
            "endpoint_url": endpoint,
            "region_name": "us-east-1",
            "access_key": "site",
            "secret_key": "secret",
        }
        static = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
        own = {"BACKEND": "statements.bucket.BucketStorage", "OPTIONS": options}
        return {"default": own, "staticfiles": static}

    def variables(self):
        return super().variables() | {
            "S3_BUCKET": self.bucket,
            "S3_ENDPOINT_URL": self.endpoint,
            "S3_REGION": "us-east-1",
            "S3_ACCESS_KEY": "site",
            "S3_SECRET_KEY": "secret",
        }

    def objects(self):
        listed = self.s3.list_objects_v2(Bucket=self.bucket).get("Contents", [])
        return [one["Key"] for one in listed]


class ServingTests(Stored):
    def test_the_site_hands_it_over_and_no_page_names_the_store(self):
        attachment = make_attachment(make_text(slug="letter"), NAME, content=picture_bytes())

        answer = self.client.get(f"/media/{NAME}")
        page = self.client.get("/statements/letter/").content.decode()

        self.assertEqual(answer.getvalue(), picture_bytes())
        self.assertEqual(answer["Content-Length"], str(len(picture_bytes())))
        self.assertEqual(answer["Content-Type"], "image/png")
        self.assertEqual(attachment.file.url, f"/media/{NAME}")
        self.assertIn(f"/media/{NAME}", page)
        self.assertNotIn(self.endpoint, page)

    def test_what_is_withdrawn_is_handed_to_nobody(self):
        text = make_text()
        make_attachment(text, NAME, content=picture_bytes())
        standing.change_standing(text.statement, "withdrawn", note="They asked us.")
        self.assertEqual(self.client.get(f"/media/{NAME}").status_code, 404)

    def test_nothing_is_written_over_and_nobody_without_a_key_reads_it(self):
        first = default_storage.save(NAME, ContentFile(b"first"))
        second = default_storage.save(NAME, ContentFile(b"second"))

        self.assertNotEqual(first, second)
        with default_storage.open(first) as file:
            self.assertEqual(file.read(), b"first")
        self.assertFalse(default_storage.may_be_read_by_anybody(first))
        self.s3.put_object_acl(Bucket=self.bucket, Key=first, ACL="public-read")
        self.assertTrue(default_storage.may_be_read_by_anybody(first))

    def test_what_is_erased_is_gone_from_it(self):
        text = make_text()
        make_attachment(text, NAME, content=picture_bytes())
        delete_statement(text.statement)
        self.assertEqual(self.objects(), [])

    def test_files_of_refused_forms_and_of_no_row_are_kept_there_and_forgotten(self):
        upload = SimpleUploadedFile("gate.png", picture_bytes())
        token = aside.put(uploads.take(upload), "gate.png", owner=1)
        found = aside.find(token, owner=1)

        self.assertEqual(self.objects(), [found.path])
        self.assertEqual(found.taken.file.read()[:4], b"\x89PNG")
        self.assertIsNone(aside.find(token, owner=2))
        default_storage.save(NAME, ContentFile(b"of no row"))
        self.assertEqual(forget_unattached(), 0)
        with mock.patch.object(aside, "LONGEST", -aside.LONGEST):
            aside.forget_old()
        self.assertEqual(self.objects(), [NAME])

    def test_while_it_is_away_a_file_is_not_there_for_the_moment_and_pages_go_on(self):
        make_attachment(make_text(slug="letter"), NAME, content=picture_bytes())
        self.client.raise_request_exception = False
        with override_settings(STORAGES=self.storages("http://127.0.0.1:1")):
            answer = self.client.get(f"/media/{NAME}")
            self.assertEqual((answer.status_code, answer["Retry-After"]), (503, "10"))
            self.assertEqual(self.client.get("/statements/letter/").status_code, 200)
            self.assertIn("does not do its work", next(doctor.bucket()).words)
        self.s3.delete_object(Bucket=self.bucket, Key=NAME)
        self.assertEqual(self.client.get(f"/media/{NAME}").status_code, 404)

    def test_doctor_says_whether_it_does_its_work(self):
        [found] = doctor.bucket()
        self.assertEqual((found.state, self.objects()), (doctor.WELL, []))
        self.assertNotIn("MEDIA_ROOT", "".join(one.words for one in doctor.folders()))
        self.assertNotIn(self.folder / "media", [place for place, _free in parts.free_space()])
        everybody = {
            "Version": "2012-10-17",
            "Statement": {
                "Effect": "Allow",
                "Principal": "*",
                "Action": "s3:GetObject",
                "Resource": f"arn:aws:s3:::{self.bucket}/*",
            },
        }
        self.s3.put_bucket_policy(Bucket=self.bucket, Policy=json.dumps(everybody))
        self.assertIn("take public access away", "".join(problems(default_storage)))


@pytest.mark.long
class CarryingTests(Stored):
    def test_a_backup_takes_its_files_along_and_a_restored_site_has_those_and_no_others(self):
        make_attachment(make_text("One", slug="one"), NAME, content=picture_bytes())
        other = make_attachment(
            make_text("Two", slug="two"), "attachments/cd34.png", content=picture_bytes()
        )
        default_storage.save("attachments/of-no-row.png", ContentFile(b"left behind"))
        made = self.back_up()

        default_storage.delete(NAME)
        default_storage.save(NAME, ContentFile(b"something else"))
        default_storage.delete(other.file.name)
        before = self.objects()
        code, _out, err = self.restore(made, "--verify")
        self.assertEqual((code, self.objects()), (0, before), err)

        new = self.elsewhere()
        code, _out, err = self.restore(made, "--without-erasures", **new)
        self.assertEqual(code, 0, err)
        self.assertEqual(self.objects(), [NAME, "attachments/cd34.png"])
        for name in self.objects():
            with default_storage.open(name) as file:
                self.assertEqual(file.read(), picture_bytes())
        self.assertEqual(self.ask(TOLD, **new), [NAME, "attachments/cd34.png"])
