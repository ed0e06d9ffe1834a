"""Whatever program wrote a speech, the same text comes out of the file, and so the same commitments."""

import re
from functools import cache
from pathlib import Path

import pytest

from speeches.extraction import extract
from speeches.readers import clean, read
from speeches.readers.splitting import split

from .samples import BODY, shared_texts, speech
from .writing import FORMATS, docx, html, pdf

SPEECH = speech("在全县冬修水利工作会议上的讲话\n清河县人民政府县长　高××\n（2023年10月9日）\n同志们：\n")
SAVED = {
    **FORMATS,
    "txt in GB18030": lambda text: text.encode("gb18030"),
    "txt in UTF-16": lambda text: text.encode("utf-16"),
    "html in UTF-8": lambda text: html(text, "utf-8"),
}


def words(text: str) -> str:
    return re.sub(r"\s", "", text)


def lines(text: str) -> list[str]:
    return [line for line in text.split("\n") if line]


@cache
def commitments(text: str) -> list[tuple[str, str, str | None]]:
    return [
        (words(found.quote), found.tier, found.deadline and words(found.deadline.text))
        for found in extract(text, delivered_on=None)
    ]


@pytest.mark.parametrize("kind", SAVED)
def test_the_paragraphs_of_a_speech_come_out_of_every_format(kind: str) -> None:
    read_back = lines(read(SAVED[kind](SPEECH)).text)
    assert [words(line) for line in read_back] == [words(line) for line in lines(clean(SPEECH))]


@pytest.mark.parametrize("kind", FORMATS)
def test_the_format_is_named(kind: str) -> None:
    assert read(FORMATS[kind](SPEECH), name="讲话.txt").format == kind


def test_the_name_of_a_file_decides_nothing_but_between_doc_and_wps() -> None:
    assert read(docx(SPEECH), name="讲话.pdf").format == "docx"
    assert read(pdf(SPEECH), name="../../etc/passwd.docx").format == "pdf"
    assert read(FORMATS["doc"](SPEECH), name="讲话.WPS").format == "wps"
    assert read(FORMATS["doc"](SPEECH), name="长" * 300 + ".doc").format == "doc"


@pytest.mark.parametrize("kind", FORMATS)
def test_several_speeches_in_one_file_are_found_in_every_format(kind: str) -> None:
    text = speech("第一篇：在水利会上的讲话\n同志们：\n") + speech("第二篇：在农业会上的讲话\n同志们：\n")
    assert len(split(read(FORMATS[kind](text)).text)) == 2


@pytest.mark.parametrize("kind", FORMATS)
def test_a_character_beyond_the_first_plane_is_kept(kind: str) -> None:
    if kind == "pdf":
        pytest.skip("the font that the tests print with does not have it")
    assert "𬭚" in read(FORMATS[kind](f"讲话人：郭𬭚\n{BODY}")).text


@pytest.mark.parametrize("kind", SAVED)
@pytest.mark.parametrize("file", shared_texts("corpus/*.txt"), ids=lambda file: file.stem)
def test_every_shared_text_gives_the_same_commitments_in_every_format(file: Path, kind: str) -> None:
    if not file.exists():
        pytest.skip("no shared texts beside this checkout")
    text = file.read_text(encoding="utf-8")
    found = read(SAVED[kind](text)).text
    assert words(found) == words(clean(text))
    assert commitments(found) == commitments(clean(text))
