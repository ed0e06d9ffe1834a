"""Spoilt files of every format give their text or a ``ReadError``, and nothing else."""

import io
import random
import zipfile
from pathlib import Path

import pytest

from speeches.readers import Limits, ReadError
from speeches.readers.reading import read_strictly

from .samples import speech
from .writing import FORMATS, zipped

SPEECH = speech("在全县冬修水利工作会议上的讲话\n清河县人民政府县长　高××\n（2023年10月9日）\n同志们：\n")
FILES = {
    **{kind: write(SPEECH) for kind, write in FORMATS.items()},
    "doc with lists": (Path(__file__).parent / "files/numbered.doc").read_bytes(),
    "txt": SPEECH.encode("gb18030"),
    "txt in UTF-16": SPEECH.encode("utf-16"),
}
ROUNDS = 60
NASTY = (b"\xff\xff\xff\xff", b"\0\0\0\0", b"\x7f\xff\xff\xff", b"9999", b"-1", b"<", b"&a;", b"{\\bin9 ")


def spoil(data: bytes, chance: random.Random) -> bytes:
    spoilt = bytearray(data)
    for _ in range(chance.choice([1, 2, 5, 20, 100])):
        at = chance.randrange(len(spoilt) + 1)
        match chance.randrange(5):
            case 0:
                spoilt[at : at + 1] = bytes([chance.randrange(256)])
            case 1:
                del spoilt[at : at + chance.choice([1, 2, 10, 200])]
            case 2:
                spoilt[at:at] = chance.randbytes(chance.choice([1, 4, 30]))
            case 3:
                again = chance.randrange(len(spoilt) + 1)
                spoilt[at:at] = spoilt[again : again + chance.choice([4, 50, 500])]
            case 4:
                spoilt[at : at + 4] = chance.choice(NASTY)
    return bytes(spoilt[: chance.randrange(len(spoilt) + 1)] if chance.random() < 0.2 else spoilt)


def spoil_member(data: bytes, chance: random.Random) -> bytes:
    """Spoil what is packed and pack it again, so that the fault lies deeper than the package."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        members = {name: package.read(name) for name in package.namelist()}
    name = chance.choice(sorted(members))
    members[name] = spoil(members[name], chance)
    if chance.random() < 0.1:
        del members[name]
    return zipped(members)


def outcome(data: bytes) -> str:
    """Return the text or the sentence of the refusal; any other exception fails the test."""
    try:
        return read_strictly(data, "讲话.doc", Limits()).text
    except ReadError as refused:
        return str(refused)


@pytest.mark.parametrize("kind", FILES)
def test_a_spoilt_file_is_read_or_refused(kind: str) -> None:
    chance = random.Random(kind)
    for _ in range(ROUNDS):
        packed = FILES[kind].startswith(b"PK") and chance.random() < 0.8
        data = (spoil_member if packed else spoil)(FILES[kind], chance)
        assert outcome(data)


@pytest.mark.parametrize("kind", FILES)
def test_a_file_cut_off_anywhere_is_read_or_refused(kind: str) -> None:
    data = FILES[kind]
    for length in range(0, len(data), max(1, len(data) // 40)):
        assert outcome(data[:length])
