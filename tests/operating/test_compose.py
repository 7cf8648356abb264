"""compose.yaml: what it names is there, and no container may more than it has to (R-OP13)."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml
from django.core.management import get_commands

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "compose.yaml").read_text()
FILE = yaml.safe_load(TEXT)
SERVICES = FILE["services"]
# What it asks for besides the settings of the site.
OWN = {"SITE_HOST", "DATABASE_PASSWORD", "WEB_MEMORY"}
SITE = {name for name, one in SERVICES.items() if one["image"] == "statements"}

pytestmark = pytest.mark.once


def known_settings():
    page = (ROOT / "docs" / "settings.md").read_text()
    return set(re.findall(r"^\| `([A-Z_]+)` \|", page, re.MULTILINE))


def test_one_container_for_each_thing_that_runs():
    assert set(SERVICES) == {
        *("web", "migrate", "worker", "due", "sessions", "backup", "metrics"),
        *("database", "caddy"),
    }
    assert set(SERVICES) - {"database", "caddy"} == SITE
    # It is built once.
    assert [name for name, one in SERVICES.items() if "build" in one] == ["web"]


@pytest.mark.parametrize("name", SERVICES)
def test_nothing_is_written_but_to_volumes_and_memory_and_no_right_is_left(name):
    one = SERVICES[name]

    assert one["read_only"] is True
    assert one["cap_drop"] == ["ALL"]
    assert one["security_opt"] == ["no-new-privileges:true"]
    assert not {"privileged", "pid", "network_mode", "devices"} & set(one)
    # One has to take ports below 1024, and its image is for root.
    if name == "caddy":
        assert one["cap_add"] == ["NET_BIND_SERVICE"]
    else:
        assert re.fullmatch(r"(?!0)\d+:\d+", one["user"])
        assert {"cap_add", "ports"} & set(one) == set()


def test_the_commands_are_commands():
    known, named = set(get_commands()), {}
    for name in SITE:
        said = " ".join(SERVICES[name].get("command", []))
        named[name] = set(re.findall(r"manage\.py (\w+)", said))

    assert named == {
        "web": set(),
        "migrate": {"migrate"},
        "worker": {"db_worker"},
        "due": {"run_due"},
        "sessions": {"clearsessions"},
        "backup": {"backup"},
        "metrics": {"metrics"},
    }
    assert set().union(*named.values()) <= known


def test_every_variable_is_a_setting_or_explained_beside_them():
    given = {name for one in SITE for name in SERVICES[one]["environment"]}
    asked = set(re.findall(r"\$\{([A-Z_]+)", TEXT))

    assert asked >= OWN
    assert given | asked <= known_settings() | OWN
    page = (ROOT / "docs" / "install.md").read_text()
    assert [name for name in OWN if f"`{name}`" not in page] == []


def test_no_secret_stands_in_it():
    assert re.findall(r"(?:PASSWORD|SECRET\w*|KEYS?): +(?!\$\{)\S+", TEXT) == []
    assert re.findall(r"://\w+:(?!\$\{)", TEXT) == []
    assert {SERVICES[name]["env_file"] for name in SITE} == {".env"}


def test_what_is_mounted_is_there_and_what_is_kept_has_a_name():
    kept = {}
    for name, one in SERVICES.items():
        for volume in one.get("volumes", []):
            source, target, *_ = volume.split(":")
            if source.startswith("."):
                assert (ROOT / source).exists()
                assert volume.endswith(":ro")
            else:
                kept.setdefault(source, set()).add((name, target))

    assert set(kept) == set(FILE["volumes"])
    assert {target for _name, target in kept["site"]} == {"/site/var"}
    assert "VOLUME /site/var" in (ROOT / "Dockerfile").read_text()


def test_each_waits_for_what_it_needs_and_says_how_it_is():
    for name, one in SERVICES.items():
        for other, how in one.get("depends_on", {}).items():
            checked = SERVICES[other].get("healthcheck", {}).get("test")
            assert how["condition"] == (
                "service_healthy" if checked else "service_completed_successfully"
            ), name
    assert SERVICES["web"]["healthcheck"]["test"] == [
        *("CMD", "python", "-m", "solidarity.health", "/readyz"),
    ]
    assert SERVICES["migrate"]["restart"] == "no"


def test_the_database_is_reached_from_the_site_alone():
    assert SERVICES["database"]["networks"] == ["inside"]
    assert FILE["networks"]["inside"] == {"internal": True}
    assert SERVICES["caddy"]["networks"] == ["default"]


def test_caddy_takes_as_much_as_nginx_does_and_logs_as_little():
    caddy = (ROOT / "deploy" / "Caddyfile").read_text()
    nginx = (ROOT / "deploy" / "nginx" / "site.conf").read_text()
    uploads = set(re.findall(r"path_regexp (\S+)", caddy))

    assert uploads == set(re.findall(r'location ~ "(\^/\(\?:\[a-z\]\S+)" {', nginx))
    assert re.findall(r"max_size (\d+)", caddy) == ["12", "512"]
    assert re.findall(r"client_max_body_size (\d+)", nginx) == ["512", "12"]
    assert "exclude http.log http.handlers" in caddy
    assert not re.search(r"^\tlog\b(?! \{$)", caddy, re.MULTILINE)


def test_the_engine_finds_no_fault_in_it(tmp_path):
    version = ["docker", "compose", "version"]
    if not shutil.which("docker") or subprocess.run(version, capture_output=True).returncode:
        pytest.skip("there is no docker compose")
    for name in ("compose.yaml", "Dockerfile"):
        shutil.copy(ROOT / name, tmp_path)
    (tmp_path / ".env").write_text("SITE_HOST=statements.example\nDATABASE_PASSWORD=x\n")
    done = subprocess.run(
        ["docker", "compose", "--project-directory", tmp_path, "config", "--quiet"],
        env={"PATH": os.environ["PATH"], "HOME": str(tmp_path)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )

    assert (done.returncode, done.stderr) == (0, "")
