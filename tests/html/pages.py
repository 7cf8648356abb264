"""Write the demo's pages into a folder, some of each kind in every language of the interface.

    python -m tests.html.pages FOLDER

script/check hands the folder to the validator.
"""

import os
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from html import unescape
from pathlib import Path

# In English, and in each of the other languages: these have the same markup.
MOST_OF_A_KIND, MOST_IN_OTHERS = 4, 2


def crawl(most_of_a_kind: int = MOST_OF_A_KIND) -> Iterator[tuple[str, str]]:
    """Addresses that answer with a page, and the page, following links from the first ones."""
    from django.conf import settings
    from django.test import Client
    from django.urls import Resolver404, resolve
    from django.utils import translation

    client, kinds = Client(), Counter()
    waiting = ["/" if code == "en" else f"/{code}/" for code, _name in settings.LANGUAGES]
    waiting.append("/nothing/")
    seen = set(waiting)
    while waiting:
        address = waiting.pop(0)
        response = client.get(address)
        if response.status_code in (301, 302):
            continue
        if not response["Content-Type"].startswith("text/html"):
            continue
        page = response.content.decode()
        yield address, page
        for link in map(unescape, re.findall(r'<a\b[^>]*href="(/[^"#]*)', page)):
            if link in seen or link.startswith(("/admin", "/media", "/static")):
                continue
            path, filters, _words = link.partition("?")
            # No pages, and some of them are slow to make.
            if not path.endswith(("/", ".html")):
                continue
            seen.add(link)
            language = translation.get_language_from_path(path) or settings.LANGUAGE_CODE
            try:
                with translation.override(language):
                    kind = resolve(path).route, filters, language
            except Resolver404:
                # The page that was not found leads to itself in the other languages.
                kind = "", filters, language
            kinds[kind] += 1
            is_first = language == settings.LANGUAGE_CODE
            if kinds[kind] <= (most_of_a_kind if is_first else MOST_IN_OTHERS):
                waiting.append(link)


def main(folder: Path) -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    os.environ["DATABASE_URL"] = "sqlite:///:memory:"
    os.environ["MEDIA_ROOT"] = tempfile.mkdtemp()
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection
    from django.test.utils import setup_test_environment

    setup_test_environment()
    connection.creation.create_test_db(verbosity=0)
    call_command("load_demo", verbosity=0)
    folder.mkdir(parents=True, exist_ok=True)
    count = 0
    for address, page in crawl():
        name = re.sub(r"[^\w-]+", "_", address).strip("_")[:80] or "home"
        (folder / f"{count:03d}-{name}.html").write_text(page)
        count += 1
    sys.stdout.write(f"{count} pages\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
