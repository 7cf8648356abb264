"""Run scanners, and say what they find beyond what is explained.

    script/scan [NAMES]

What is explained here is so in words too: docs/security.md, "What scanners say".
"""

import json
import re
import subprocess
import sys
import tempfile
import time
import urllib.parse
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.operating.front import HOST, ROOT, set_up
from tests.scan.site import Site

CODE = ("solidarity", "statements", "gunicorn.conf.py", "manage.py")
RULES = "tests/scan/rules"
# Held by others, in the line or by rules of our own: passwords that are names of settings or empty
# (105 to 107), what is declared safe (308, 703), chance (311), programs (404, 603), XML (405, 406);
# and what ruff asks a reason for in the line: folders in memory (108), SQL (608, 611).
HELD = "B105,B106,B107,B108,B308,B311,B404,B405,B406,B603,B608,B611,B703"
# Files with examples, or with a name that sounds like a secret.
NO_SECRETS = {
    ".env.example",
    "docs/install.md",
    "docs/settings.md",
    "script/install",
    "solidarity/env.py",
    "solidarity/settings.py",
    "statements/models/submission.py",
}
# The site is asked without https here; the shipped nginx is asked by sslyze and tests/operating/.
WITHOUT_HTTPS = {"HTTP Strict Transport Security (HSTS)", "Secure Flag cookie"}
# Not ldap: there is none, and it takes searches that find other things for other words as a sign.
MODULES = (
    "xss,permanentxss,sql,timesql,exec,file,redirect,ssrf,crlf,csp,http_headers,cookieflags,xxe,"
    "upload,backup,htaccess,methods,log4shell,shellshock"
)
# Parameters that are tried beside those of the interface: an address, and what is sent there.
PARAMETERS = [
    ("/search/?q=strike&language=en&kind=statement&year=2020&place=XA&sort=new&page=1", ""),
    ("/statements/?q=strike&event=x&organisation=x&tag=x&year=2020&language=en&before=1", ""),
    ("/demands/?q=free&state=open&event=x&organisation=x&person=x&year=2020&before=1", ""),
    ("/people/?q=a&state=free&page=1", ""),
    ("/organisations/?q=a&page=1", ""),
    ("/events/?q=a&place=XA&page=1", ""),
    ("/transparency/?year=2020", ""),
    ("/feeds/statements.atom?language=en&tag=x", ""),
    ("/verify/", "words=Free+elections"),
]


def tool(name: str, program: str = "") -> str:
    return str(ROOT / ".venv-scan" / name / "bin" / (program or name))


def run(*command: str, **options: object) -> subprocess.CompletedProcess:
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, **options)


def bandit() -> Iterator[str]:
    done = run(tool("bandit"), "-q", "-r", *CODE, "--skip", HELD, "-f", "json")
    for one in json.loads(done.stdout)["results"]:
        yield f"{one['filename']}:{one['line_number']} {one['test_id']} {one['issue_text']}"


def semgrep() -> Iterator[str]:
    """First whether each rule finds what it must and leaves what it may."""
    quiet = ("--metrics=off", "--disable-version-check")
    tried = run(tool("semgrep"), *quiet, "--test", "--json", RULES)
    if tried.returncode:
        yield tried.stdout + tried.stderr
    done = run(tool("semgrep"), "scan", *quiet, "--quiet", "--json", "--config", RULES, *CODE)
    found = json.loads(done.stdout)
    for one in found["results"]:
        rule = one["check_id"].rpartition(".")[2]
        yield f"{one['path']}:{one['start']['line']} {rule}: {one['extra']['message']}"
    for fault in found["errors"]:
        yield fault["message"]


def detect_secrets() -> Iterator[str]:
    """In what is kept in git; tests have secrets of their own, which open nothing."""
    kept = run("git", "ls-files").stdout.split()
    left = [
        path
        for path in kept
        if not path.startswith("tests/") and not path.endswith((".lock", ".po", ".mo", ".png"))
    ]
    done = run(tool("detect-secrets"), "scan", *left)
    for path, found in json.loads(done.stdout)["results"].items():
        if path not in NO_SECRETS:
            yield from (f"{path}:{one['line_number']} {one['type']}" for one in found)


def schemathesis() -> Iterator[str]:
    with Site() as site:
        document = f"{site.url}/api/v1/openapi.json"
        done = run(
            *(tool("schemathesis", "st"), "run", document, "--url", site.url, "--checks", "all"),
            *("--max-examples", "100", "--no-color", "--continue-on-failure"),
        )
        if done.returncode:
            yield done.stdout[-20_000:]
        yield from site.faults()


def sqlmap() -> Iterator[str]:
    """Each parameter by itself: those of pages, feeds and forms, and all of the interface's."""
    with Site() as site, tempfile.TemporaryDirectory() as folder:
        asked = [*PARAMETERS, *_of_the_interface(site)]
        for address, sent in asked:
            data = ("--data", sent) if sent else ()
            done = run(
                *(tool("sqlmap"), "-u", site.url + address, *data, "--batch", "--flush-session"),
                *("--level", "2", "--risk", "2", "--technique", "BEUS", "--threads", "4"),
                *("--dbms", "postgresql" if "postgres" in site.database else "sqlite"),
                *("--disable-coloring", "--output-dir", folder, "--ignore-code", "*"),
            )
            if "do not appear to be injectable" not in done.stdout:
                yield f"{address} {sent}\n{done.stdout[-3_000:]}"
        yield from site.faults()


def _of_the_interface(site: Site) -> Iterator[tuple[str, str]]:
    document = json.loads(site.ask("GET", "/api/v1/openapi.json").words)
    for path, operations in document["paths"].items():
        names = [one["name"] for one in operations["get"]["parameters"] if one["in"] == "query"]
        if "{" in path:
            # The address itself is tried, at the star.
            yield path.replace("{slug}", "x*"), ""
        else:
            yield f"{path}?{urllib.parse.urlencode(dict.fromkeys(names, '1'))}", ""


def wapiti() -> Iterator[str]:
    yield from _attacked(is_staff=False)
    yield from _attacked(is_staff=True)


def _attacked(*, is_staff: bool) -> Iterator[str]:
    with Site() as site, tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        signed_in = ("-H", f"Cookie: {site.sign_in()}") if is_staff else ()
        start = f"{site.url}/admin/" if is_staff else f"{site.url}/"
        done = run(
            *(
                tool("wapiti3", "wapiti"),
                "-u",
                start,
                "--scope",
                "domain",
                "-m",
                MODULES,
                *signed_in,
            ),
            *("-x", f"{site.url}/account/*", "-x", f"{site.url}/static/*", "-d", "4"),
            *("--max-links-per-page", "40", "--max-files-per-dir", "15", "--max-parameters", "30"),
            *("--max-scan-time", "120", "--max-attack-time", "20", "--no-bugreport"),
            *("--flush-session", "--store-session", folder, "-f", "json", "-o", str(report)),
        )
        if not report.exists():
            yield done.stdout[-3_000:] + done.stderr[-3_000:]
            return
        told = json.loads(report.read_text())
        print(
            f"  {told['infos']['crawled_pages_nbr']} pages, {'staff' if is_staff else 'stranger'}"
        )
        for kind in ("vulnerabilities", "anomalies"):
            for name, found in told[kind].items():
                if name not in WITHOUT_HTTPS:
                    yield from (
                        f"{name}: {one['method']} {one['path']} {one['info']}" for one in found
                    )
        yield from site.faults()


def sslyze() -> Iterator[str]:
    """Against the shipped nginx, with a certificate of its own. That nobody vouches for it is all
    that may be found."""
    with set_up() as front:
        front.start()
        done = run(
            *(tool("sslyze"), "--mozilla_config", "intermediate", "--sni", HOST),
            f"127.0.0.1:{front.secure}",
        )
        said = done.stdout[done.stdout.find("COMPLIANCE AGAINST") :]
        yield from re.findall(r"^\s+\* (?!certificate_path_validation)(.+)$", said, re.MULTILINE)
        if "COMPLIANCE AGAINST" not in done.stdout:
            yield done.stdout[-3_000:] + done.stderr[-3_000:]


SCANS: dict[str, Callable[[], Iterator[str]]] = {
    "bandit": bandit,
    "semgrep": semgrep,
    "detect-secrets": detect_secrets,
    "sslyze": sslyze,
    "schemathesis": schemathesis,
    "sqlmap": sqlmap,
    "wapiti3": wapiti,
}


def main(names: list[str]) -> int:
    found = 0
    for name in names or SCANS:
        began = time.monotonic()
        print(f"== {name}", flush=True)
        for one in SCANS[name]():
            found += 1
            print(f"  {one}", flush=True)
        print(f"  {time.monotonic() - began:.0f} s", flush=True)
    print("Nothing was found." if not found else f"{found} findings.")
    return bool(found)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
