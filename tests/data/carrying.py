"""A dump as somebody who carried it away reads it."""

import csv
import gzip
import io
import json
import shutil
import zipfile

from django.conf import settings

from statements.data import dumping
from statements.data.workflow import served


class Carries:
    """For a TestCase: `self.records("statements")` are the lines of a noun as they are served."""

    def setUp(self):
        super().setUp()
        self.addCleanup(shutil.rmtree, settings.DATA_ROOT, ignore_errors=True)

    def make(self, **options):
        for _step in dumping.build(**options):
            pass

    def content(self, name):
        response = self.client.get(f"/data/{name}")
        self.assertEqual(response.status_code, 200, name)
        return b"".join(response)

    def records(self, noun):
        lines = gzip.decompress(self.content(f"{noun}.jsonl.gz")).decode().splitlines()
        return [json.loads(line) for line in lines]

    def tables(self, noun):
        """The rows of each table of a noun, by its name, each with its columns by name."""
        with zipfile.ZipFile(io.BytesIO(self.content(f"{noun}.csv.zip"))) as package:
            return {
                name: list(csv.DictReader(io.StringIO(package.read(name).decode("utf-8-sig"))))
                for name in package.namelist()
            }

    def everything(self):
        """All that is served, unpacked."""
        said = []
        dump = served()
        for file in dump.files if dump else []:
            if file.noun:
                said.append(str(self.records(file.noun)) + str(self.tables(file.noun)))
            else:
                said.append(self.content(file.name).decode())
        return "".join(said)
