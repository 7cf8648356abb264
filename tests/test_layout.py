"""The arrows of docs/architecture.md, and rules about files that no reader of a change can see."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
LISTS = sorted({*ROOT.glob("requirements*.txt")} - {ROOT / "requirements-scan.txt"})
PACKAGES = ("solidarity", "statements", "tests")

# In statements/ a file is a shared tool, and a folder a feature unless Django names it.
# A tool that reads tables stands where workflow does.
KEEPERS = {"erasures", "limits", "mail", "rights", "switches", "tokens"}
TOOLS = {path.stem for path in (ROOT / "statements").glob("*.py")} - {
    *("__init__", "apps", "urls"),
    *KEEPERS,
}
# Features that commands and admin call, and that have no pages.
WRITERS = {"importers", "sample", "demo"}
# Features that are workflow through and through.
ACTS = {"publishing", "backup"}
# Makes files of what readers give: commands call it, and pages do not.
DUMPING = {"dumping", "tables"}
# What a feature does, where it is more than one file holds.
ACTS_OF_A_FEATURE = {
    *("states", "proposals", "withdrawal", "digest", "verification", "attachments", "unsent"),
    *("merging", "splitting", "letters", "alike", "doubts", "gathering", "rebuilding"),
    *("mailings", "bounces", "counting", "parts", "doctor", "following", "tasks", "metrics"),
    "expanding",
}
# What makes mails of the words that pages show, and sends them.
SENDERS = {"news", "composing", "telling", "sending"}
# What pages, files and answers for programs show of records; any of them may ask it.
READERS = {"reading", "records"}
# What feeds are made of, whoever writes it down.
ENTRIES = {f"feeds.{name}" for name in ("entries", "texts", "updates", "corrections")}
# How words are searched: below whatever writes the index, and whatever asks it.
SEARCHING = {
    *("normalising", "parsing", "terms", "engines", "postgresql", "sqlite", "finding"),
    *("suggesting", "highlighting", "gathering"),
}
# What each kind of module may import of this project. A feature's own modules may always
# import each other downwards: urls, views, forms, workflow.
BELOW = {
    "models": {"tools", "models"},
    "searching": {"tools", "models", "searching"},
    "workflow": {"tools", "models", "searching", "workflow"},
    "readers": {"tools", "models", "searching", "readers"},
    "senders": {"tools", "models", "searching", "workflow", "readers", "senders"},
    "forms": {"tools", "models", "searching", "workflow", "forms"},
    "views": {"tools", "models", "searching", "workflow", "readers", "forms", "views"},
    "urls": {
        "tools",
        "models",
        "searching",
        "workflow",
        "readers",
        "forms",
        "views",
        "urls",
        "admin",
    },
    "templatetags": {"tools", "models", "readers", "views"},
    "admin": {"tools", "models", "searching", "workflow", "forms", "admin"},
    "commands": {
        *("tools", "models", "searching", "workflow", "writers", "senders", "dumping", "commands"),
    },
    "dumping": {"tools", "models", "searching", "workflow", "readers", "dumping"},
    "writers": {"tools", "models", "searching", "workflow", "writers"},
    "settings": {"tools", "settings"},
}


def modules(*folders: str) -> Iterator[Path]:
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path


def name_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(part for part in parts if part != "__init__")


def imports(path: Path) -> Iterator[str]:
    """The modules of this project that a file imports, wherever in the file it does."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path}: imports are written out"
            found = [f"{node.module}.{alias.name}" for alias in node.names]
        else:
            continue
        yield from (name for name in found if name.split(".")[0] in ("solidarity", "statements"))


def kind(module: str) -> str:
    """Where a module stands in the arrows."""
    parts = module.split(".")
    if parts[0] == "solidarity":
        own = {"urls": "urls", "csp": "tools", "compression": "tools"}
        return own.get(parts[1] if parts[1:] else "", "settings")
    place = parts[1] if len(parts) > 1 else "apps"
    if place in TOOLS:
        return "tools"
    if place in WRITERS:
        return "writers"
    if place in READERS or ".".join(parts[1:3]) in ENTRIES:
        return "readers"
    if place in ACTS | KEEPERS:
        return "workflow"
    named_by_django = {"apps": "settings", "management": "commands", "urls": "urls"}
    named_by_django |= {name: name for name in ("models", "admin", "templatetags")}
    return named_by_django.get(place) or kind_in_feature(parts[2] if len(parts) > 2 else "")


def kind_in_feature(name: str) -> str:
    if name.endswith("urls"):
        return "urls"
    if name in SEARCHING:
        return "searching"
    if name in DUMPING:
        return "dumping"
    if name in ACTS_OF_A_FEATURE:
        return "workflow"
    if name in SENDERS:
        return "senders"
    return name if name in ("workflow", "forms") else "views"


def may_import(importer: str, imported: str) -> bool:
    """Whether the arrow from one module to the other is one of the architecture's."""
    one, other = kind(importer), kind(imported)
    if one == "tools":
        return other == "tools"
    if other not in BELOW[one]:
        return False
    feature, its = importer.split(".")[1:2], imported.split(".")[1:2]
    # Of another feature, its workflow and nothing else.
    return other not in ("views", "forms") or feature == its or one in ("urls", "templatetags")


ARROWS = sorted(
    (name_of(path), imported)
    for path in modules("solidarity", "statements")
    for imported in imports(path)
)


def test_imports_point_one_way():
    assert ARROWS
    assert [arrow for arrow in ARROWS if not may_import(*arrow)] == []


def test_the_arrows_refuse_what_they_are_there_for():
    for importer, imported in (
        ("statements.models.text", "statements.publishing.workflow"),
        ("statements.models.text", "statements.pages.home"),
        ("statements.publishing.workflow", "statements.pages.home"),
        ("statements.publishing.workflow", "statements.admin.statement"),
        ("statements.publishing.workflow", "statements.reading.statement"),
        ("statements.reading.statement", "statements.publishing.workflow"),
        ("statements.markup", "statements.models.Text"),
        ("statements.admin.statement", "statements.pages.home"),
        ("statements.importers.plain", "statements.admin.statement"),
        ("statements.management.commands.load", "statements.pages.home"),
        ("statements.newsletter.sending", "statements.newsletter.private"),
        ("statements.newsletter.workflow", "statements.newsletter.news"),
        ("statements.management.commands.load", "statements.reading.rows"),
        ("statements.publishing.workflow", "statements.data.dumping"),
        ("statements.data.views", "statements.data.dumping"),
        ("statements.pages.home", "statements.admin.statement"),
    ):
        assert not may_import(importer, imported), (importer, imported)


def test_shared_tools_do_not_import_each_other_in_a_circle():
    uses = {tool: set() for tool in TOOLS}
    for importer, imported in ARROWS:
        one, other = importer.split(".")[1:2], imported.split(".")[1:2]
        if one and other and one[0] in uses and other[0] in uses and one != other:
            uses[one[0]].add(other[0])
    settled: set[str] = set()
    while free := {tool for tool, used in uses.items() if used <= settled} - settled:
        settled |= free

    assert settled == set(TOOLS)


def test_markup_is_declared_safe_in_one_place():
    for path in modules("solidarity", "statements"):
        if name_of(path) == "statements.markup":
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            name = getattr(node, "id", getattr(node, "attr", getattr(node, "name", "")))
            assert name not in ("mark_safe", "SafeText", "__html__"), path
            is_call = isinstance(node, ast.Call) and ast.unparse(node.func).endswith("format_html")
            if is_call:
                assert not isinstance(node.args[0], ast.JoinedStr), f"{path}:{node.lineno}"


TEMPLATES = sorted(ROOT.glob("templates/**/*.html"))
STYLES = sorted(ROOT.glob("static/css/**/*.css"))


def test_there_are_templates_and_styles_to_look_at():
    assert {"base.html", "login.html", "submit.html"} <= {path.name for path in TEMPLATES}
    assert {"site.css", "tokens.css"} <= {path.name for path in STYLES}


def test_no_template_turns_escaping_off():
    templates = [*ROOT.glob("templates/**/*.*"), *ROOT.glob("statements/**/templates/**/*.*")]
    assert templates
    for path in templates:
        text = path.read_text()
        assert not re.search(r"\|\s*safe(seq)?\b|autoescape\s+off", text), path


def test_no_template_has_style_or_script_of_its_own():
    inline = re.compile(r"\sstyle\s*=|<style|\son[a-z]+\s*=\s*[\"']|javascript:", re.IGNORECASE)
    for path in TEMPLATES:
        text = re.sub(r"{#.*?#}", "", path.read_text())
        assert not inline.search(text), path
        for script in re.findall(r"<script\b[^>]*>", text):
            assert "src=" in script, f"{path}: json_script writes JSON"


def test_no_template_writes_anything_but_pages_mail_and_pictures():
    written = [*ROOT.glob("templates/**/*.*"), *ROOT.glob("statements/**/templates/**/*.*")]

    assert {path.suffix for path in written} == {".html", ".txt", ".svg"}
    assert [path for path in written if "CDATA" in path.read_text()] == []


def test_no_template_loads_from_elsewhere():
    foreign = re.compile(
        r"<(?:link|script|img|iframe|source|video|audio)\b[^>]*(?:src|href)=\"(?:https?:)?//"
    )
    for path in [*TEMPLATES, *ROOT.glob("templates/**/*.svg")]:
        assert not foreign.search(path.read_text()), path
    for path in STYLES:
        assert not re.search(r"(?:url\(|@import)\s*[\"']?(?:https?:)?//", path.read_text()), path


def test_styles_follow_the_direction_of_writing():
    physical = re.compile(
        r"(?<![-\w])(?:(?:margin|padding|border)-(?:left|right)|(?:left|right)\s*:"
        r"|text-align\s*:\s*(?:left|right)|float\s*:\s*(?:left|right))"
    )
    for path in STYLES:
        text = re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.DOTALL)
        assert physical.findall(text) == [], path


def test_a_module_is_named_after_its_subject():
    vague = {"utils", "util", "helpers", "helper", "common", "misc"}
    named = {part for path in modules(*PACKAGES) for part in path.relative_to(ROOT).parts}

    assert named & {word + end for word in vague for end in ("", ".py")} == set()


def test_one_module_asks_other_hosts():
    """R-WE6: what fetches goes through statements/fetching.py, which keeps away from the inside."""
    clients = {"urllib.request", "http.client", "requests", "httpx", "urllib3", "aiohttp", "ftplib"}
    found = set()
    for path in modules("solidarity", "statements"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import):
                names = {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                names = {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
            else:
                continue
            if names & clients:
                found.add(path.relative_to(ROOT).as_posix())

    # The health check of the container asks the site itself.
    assert found == {"statements/fetching.py", "solidarity/health.py"}


def chosen_in(path: Path) -> dict[str, str]:
    """The packages of a list that is kept by hand, and of the lists that it takes in."""
    chosen = {}
    for line in path.read_text().splitlines():
        if line.startswith("-r "):
            chosen |= chosen_in(path.parent / line[3:])
        elif line and not line.startswith("#"):
            name, version = line.split("==")
            chosen[re.sub(r"\[.*", "", name)] = version
    return chosen


@pytest.mark.parametrize("path", LISTS, ids=lambda path: path.name)
def test_each_package_is_locked_as_it_is_listed(path):
    """Where it is not, script/lock has to be run. What a package brings along is not looked at: pip
    installs nothing that a lock lacks."""
    lock = path.with_suffix(".lock").read_text()
    locked = re.findall(r"^(\S+)==(\S+)[^\n]*\n((?:    .+\n?)+)", lock, re.MULTILINE)
    listed = {name: version for name, version, notes in locked if "-r requirements" in notes}

    assert listed == chosen_in(path)
    assert all("--hash=sha256:" in notes for _name, _version, notes in locked)
    assert len(locked) == len(re.findall(r"^[^\s#]", lock, re.MULTILINE))
    assert "://" not in lock


def test_each_promise_is_tried_on_a_line_that_breaks_it():
    """What semgrep looks for (script/scan): a rule that finds nothing would not be noticed."""
    rules = ROOT / "tests" / "scan" / "rules"
    named = re.findall(r"^  - id: (\S+)$", (rules / "promises.yaml").read_text(), re.MULTILINE)
    broken = re.findall(r"# ruleid: (\S+)", (rules / "promises.py").read_text())

    assert sorted(set(broken)) == sorted(named)


def test_the_list_of_licences_is_of_what_is_locked():
    """Where it is not, run script/licences. What other systems alone need is not in it."""
    page = (ROOT / "docs" / "licences.md").read_text()
    lock = (ROOT / "requirements.lock").read_text()
    rows = re.findall(r"^\| ([a-z0-9-]+) \| (\S+) \| (.+) \|$", page, re.MULTILINE)
    locked = re.findall(r"^(\S+)==(\S+) (;?)", lock, re.MULTILINE)
    told = {(name, version) for name, version, _licence in rows}

    assert told <= {(name, version) for name, version, _marker in locked}
    assert {(name, version) for name, version, marker in locked if not marker} <= told
    assert [name for name, _version, licence in rows if "?" in licence] == []
