"""What the documentation points at is there."""

import ast
import re
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PAGES = [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_within_the_project_lead_somewhere(page):
    targets = re.findall(r"\]\((?!https?://|#)([^)#]+)", page.read_text())

    assert [target for target in targets if not (page.parent / target).exists()] == []


@pytest.mark.parametrize("name", ["security.md", "asvs.md"])
def test_the_tests_that_show_security_exist(name):
    page = (ROOT / "docs" / name).read_text()
    lacking, named = [], re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", page)
    for path, name in named:
        file = ROOT / path
        names = {
            node.name
            for node in ast.walk(ast.parse(file.read_text() if file.exists() else ""))
            if isinstance(node, (ast.ClassDef, ast.FunctionDef))
        }
        if not file.exists() or (name and name not in names):
            lacking.append(f"{path}::{name}")

    assert lacking == []
    assert len(named) > 50


def test_each_requirement_of_asvs_is_there_once_and_what_is_held_has_a_reason():
    page = (ROOT / "docs" / "asvs.md").read_text()
    rows = re.findall(r"^\| ([\d., ]+) \| .+ \| (.+) \| (.+) \|$", page, re.MULTILINE)
    held = {one: held for numbers, held, _shown in rows for one in numbers.split(", ")}
    counted = Counter(held.values())

    assert sum(len(numbers.split(", ")) for numbers, _held, _shown in rows) == len(held) == 253
    assert set(counted) == {"yes", "in part", "no", "n/a"}
    assert (
        f"Of the {253 - counted['n/a']}\nthat a site like this can meet {counted['yes']} are held,"
        f" {counted['in part']} in part and {counted['no']} not"
    ) in page


# What must have a row, with the test that shows it, because the site does such things.
REQUIRED = {
    *(f"R-CO{number}" for number in range(1, 11)),
    *(f"R-UP{number}" for number in range(1, 6)),
    *(f"R-WE{number}" for number in (1, 2, 3, 4, 5, 6, 8, 9, 10, 11)),
    *(f"R-AZ{number}" for number in range(1, 6)),
    *(f"R-AU{number}" for number in range(1, 7)),
    *(f"R-TO{number}" for number in range(1, 4)),
    *(f"R-SP{number}" for number in range(1, 5)),
    *(f"R-PR{number}" for number in (1, 2, 3, 4, 5, 6, 8)),
    *(f"R-OP{number}" for number in (1, 2, 3, 4, 5, 6, 8, 13)),
}


def test_every_requirement_of_security_has_a_row_with_a_test():
    page = (ROOT / "docs" / "security.md").read_text()
    rows = re.findall(r"^\|([^|]*)\|.*\|([^|]*)\|$", page, re.MULTILINE)
    shown = {
        requirement
        for requirements, tests in rows
        if "`tests/" in tests
        for requirement in re.findall(r"R-[A-Z]{2}\d+", requirements)
    }

    assert sorted(REQUIRED - shown) == []


def test_commands_in_the_documentation_are_there():
    commands = {path.stem for path in ROOT.glob("statements/management/commands/*.py")}
    commands |= {"migrate", "collectstatic", "check", "runserver", "createsuperuser", "db_worker"}
    commands |= {"clearsessions"}
    for page in PAGES:
        named = set(re.findall(r"manage\.py ([a-z_]+)", page.read_text()))

        assert named - commands == set(), page.name
        for script in re.findall(r"(?<![\w/])(script/\w+|\.ci/run)", page.read_text()):
            assert (ROOT / script).exists(), page.name
