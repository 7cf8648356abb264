"""The file of a backup: what was cut off, changed, or made by somebody else is refused."""

import hashlib
import io
import json
import random
import stat
import subprocess
import sys
import tarfile
from pathlib import Path

import pyrage
import pytest

from statements.backup import archive, places
from statements.backup.places import Refused

KEY, OTHER = pyrage.x25519.Identity.generate(), pyrage.x25519.Identity.generate()
SEED = 20261128
HEADER = {"format": 1, "made_at": "2026-11-28", "engine": "sqlite", "migrations": []}


def quiet(name, size):
    pass


def make(path, to=(KEY,), database=b"x" * 200_000, media=b"picture"):
    with archive.writing(path, [one.to_public() for one in to], quiet) as written:
        written.add_words(archive.HEADER, HEADER)
        written.add(archive.DATABASE, [database[:150_000], database[150_000:]])
        written.add_file("media/attachments/a.jpg", io.BytesIO(media), len(media))
        written.add_words(archive.CONTENTS, {"rows": {}, "sha256": "", "missing": []})
        written.end()
    return path


def unpack(path, folder, keys=(KEY,), **options):
    place = archive.Place(folder / "database", folder / "media")
    folder.mkdir(exist_ok=True)
    return archive.unpack(path, list(keys), place, **options)


def test_what_was_written_is_read(tmp_path):
    path = make(tmp_path / "one.age")
    said = unpack(path, tmp_path / "out")

    assert said[archive.HEADER] == HEADER
    assert (tmp_path / "out" / "database").read_bytes() == b"x" * 200_000
    assert (tmp_path / "out" / "media" / "attachments" / "a.jpg").read_bytes() == b"picture"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [one.name for one in tmp_path.iterdir() if one.is_file()] == ["one.age"]


def test_each_of_several_keys_opens_it_and_no_other(tmp_path):
    path = make(tmp_path / "one.age", to=(KEY, OTHER))
    for number, keys in enumerate(((KEY,), (OTHER,))):
        unpack(path, tmp_path / f"out{number}", keys)
    with pytest.raises(archive.WrongKey, match="not for this key"):
        unpack(path, tmp_path / "no", [pyrage.x25519.Identity.generate()])


def test_a_bit_that_was_flipped_anywhere_is_noticed(tmp_path):
    whole = make(tmp_path / "one.age").read_bytes()
    chosen = random.Random(SEED)
    # The head of the file is short, and the most delicate.
    places_ = [*range(0, 420, 7), *(chosen.randrange(len(whole)) for _ in range(140))]
    broken = tmp_path / "broken.age"
    for number, position in enumerate(places_):
        changed = bytearray(whole)
        changed[position] ^= 1 << chosen.randrange(8)
        broken.write_bytes(changed)
        with pytest.raises((archive.Damaged, archive.WrongKey)):
            unpack(broken, tmp_path / f"out{number}")


def test_a_file_that_was_cut_off_anywhere_is_noticed(tmp_path):
    whole = make(tmp_path / "one.age").read_bytes()
    chosen = random.Random(SEED)
    # Whole pieces of age too: they are 64 kB.
    ends = {
        0,
        1,
        100,
        64 * 1024,
        len(whole) - 1,
        len(whole) - 16,
        *chosen.sample(range(len(whole)), 80),
    }
    broken = tmp_path / "broken.age"
    for number, end in enumerate(sorted(ends)):
        broken.write_bytes(whole[:end])
        with pytest.raises(archive.Damaged, match="damaged or was cut off|no whole backup"):
            unpack(broken, tmp_path / f"out{number}")


def test_what_follows_its_end_is_noticed(tmp_path):
    path = make(tmp_path / "one.age")
    with path.open("ab") as file:
        file.write(b"more")
    with pytest.raises(archive.Damaged):
        unpack(path, tmp_path / "out")


def test_one_of_another_site_is_refused_unless_that_is_meant(tmp_path, settings):
    path = make(tmp_path / "one.age")
    settings.SEALING_KEYS = ["another site's " * 4]
    with pytest.raises(archive.Foreign, match="not made with the keys of this site"):
        unpack(path, tmp_path / "out")
    unpack(path, tmp_path / "meant", is_other_site=True)
    # A newer key before the old one changes nothing.
    settings.SEALING_KEYS = ["new " * 20]
    make(tmp_path / "two.age")
    settings.SEALING_KEYS = ["newer " * 20, "new " * 20]
    unpack(tmp_path / "two.age", tmp_path / "rotated")


def test_one_that_nobody_signed_is_refused_unless_that_is_meant(tmp_path):
    """Not with a fault of the program."""
    parts = {
        "header.json": json.dumps(HEADER).encode(),
        "database.00000000": b"x",
        "contents.json": b"{}",
    }
    told = {
        name.removesuffix(".00000000"): {
            "size": len(content),
            "sha256": hashlib.sha256(content).hexdigest(),
        }
        for name, content in parts.items()
    }
    parts["end.json"] = json.dumps({"parts": told}).encode()
    entries = [(tarfile.TarInfo(name), content) for name, content in parts.items()]
    path = sealed(tmp_path / "one.age", *entries)

    with pytest.raises(archive.Foreign, match="not made with the keys of this site"):
        unpack(path, tmp_path / "out")
    assert unpack(path, tmp_path / "meant", is_other_site=True)["header.json"] == HEADER


def sealed(path, *entries):
    """A file that anybody who knows the public key can make."""
    inner = io.BytesIO()
    with tarfile.open(fileobj=inner, mode="w") as tar:
        for entry, content in entries:
            entry.size = len(content)
            tar.addfile(entry, io.BytesIO(content))
    path.write_bytes(pyrage.encrypt(inner.getvalue(), [KEY.to_public()]))
    return path


@pytest.mark.parametrize(
    "name",
    ["media/../../out.txt", "/etc/out.txt", "media/a/../../../b", "media/.hidden", "media//x", "x"],
)
def test_a_part_with_a_hostile_name_is_written_nowhere(tmp_path, name):
    path = sealed(tmp_path / "one.age", (tarfile.TarInfo(name), b"!"))
    with pytest.raises(archive.Damaged, match="a part is called"):
        unpack(path, tmp_path / "out")
    assert [one.name for one in tmp_path.rglob("*") if one.is_file()] == ["one.age"]


def test_links_and_parts_that_come_twice_are_refused(tmp_path):
    link = tarfile.TarInfo("media/a.jpg")
    link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
    part = tarfile.TarInfo("media/a.jpg")
    for number, entries in enumerate(([(link, b"")], [(part, b"1"), (part, b"2")])):
        path = sealed(tmp_path / f"{number}.age", *entries)
        with pytest.raises(archive.Damaged):
            unpack(path, tmp_path / f"out{number}")


def test_a_newer_kind_of_file_says_so(tmp_path):
    words = b'{"format": 2}'
    path = sealed(tmp_path / "one.age", (tarfile.TarInfo("header.json"), words))
    with pytest.raises(archive.Damaged, match="newer version"):
        unpack(path, tmp_path / "out")


def test_a_part_that_is_not_as_its_checksum_says_is_noticed(tmp_path):
    path = tmp_path / "one.age"
    with archive.writing(path, [KEY.to_public()], quiet) as written:
        written.add_words(archive.HEADER, HEADER)
        written.add(archive.DATABASE, [b"1"])
        written.add_words(archive.CONTENTS, {})
        written.parts[archive.DATABASE]["sha256"] = "0" * 64
        written.end()
    with pytest.raises(archive.Damaged, match="not as it was written"):
        unpack(path, tmp_path / "out")


def test_what_fails_leaves_nothing_and_no_backup_is_written_over(tmp_path):
    with (
        pytest.raises(ZeroDivisionError),
        archive.writing(tmp_path / "one.age", [KEY.to_public()], quiet) as written,
    ):
        written.add_words(archive.HEADER, HEADER)
        raise ZeroDivisionError
    assert list(tmp_path.iterdir()) == []
    make(tmp_path / "one.age")
    with pytest.raises(Refused, match="there already"):
        make(tmp_path / "one.age")


def test_what_somebody_left_who_was_killed_is_cleared_by_the_next_and_no_other(tmp_path):
    left = tmp_path / ".statements-0123.part"
    left.write_bytes(b"half")
    with places.part_file(tmp_path / "slow.age") as slow:
        slow.write(b"slow")
        make(tmp_path / "one.age")
        assert not left.exists()
    assert (tmp_path / "slow.age").read_bytes() == b"slow"


FULL = """
import resource, sys
from pathlib import Path
import django; django.setup()
from tests.backup.test_archive import make
from statements.backup.places import Refused
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
try:
    make(Path(sys.argv[1]) / "one.age")
except Refused as refused:
    print(refused)
"""


def test_where_there_is_no_room_it_says_so_and_leaves_nothing(tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", FULL, str(tmp_path)],
        capture_output=True,
        text=True,
        cwd=Path(__file__).parents[2],
    )
    assert "could not be written" in done.stdout, done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_key_is_made_once_for_its_owner_alone(tmp_path):
    from statements.backup import workflow

    path = tmp_path / "identity"
    public = workflow.make_key(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert str(archive.identities(path)[0].to_public()) == public
    with pytest.raises(Refused, match="cannot be made"):
        workflow.make_key(path)


def test_keys_that_are_none_are_refused_in_words(tmp_path):
    with pytest.raises(Refused, match="no public key"):
        archive.recipients(["age1nonsense"])
    with pytest.raises(Refused, match="BACKUP_RECIPIENTS names no key"):
        archive.recipients([])
    path = tmp_path / "identity"
    for words, told in (("", "holds no secret key"), ("x\n", "no secret key of age")):
        path.write_text(words)
        with pytest.raises(Refused, match=told):
            archive.identities(path)
    with pytest.raises(Refused, match="cannot be read"):
        archive.identities(tmp_path / "nowhere")


def test_keys_stand_in_a_setting_or_else_in_a_file(tmp_path, settings):
    settings.BACKUP_ROOT, settings.BACKUP_RECIPIENTS = tmp_path, []
    assert places.recipients() == []
    (tmp_path / places.RECIPIENTS).write_text(f"{KEY.to_public()}\n{OTHER.to_public()}\n")
    assert archive.recipients(places.recipients())
    assert places.recipients() == [str(KEY.to_public()), str(OTHER.to_public())]
    settings.BACKUP_RECIPIENTS = ["age1another"]
    assert places.recipients() == ["age1another"]
