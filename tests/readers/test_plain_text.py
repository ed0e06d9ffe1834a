"""Plain text arrives in every character set that offices have."""

import pytest

from speeches.readers import Limits, ReadError, clean, read

SPEECH = "同志们：\n今天的会议很重要，请各乡镇在9月底前完成河道清理，由水利局牵头。\n"
TRADITIONAL = "各位同仁：\n今天的會議很重要，請各單位在九月底前完成河道清理，由水利局負責。\n"


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16", "utf-16-le", "utf-16-be", "utf-32"]
)
def test_the_same_text_is_read_from_every_character_set(encoding: str) -> None:
    assert read(SPEECH.encode(encoding)).text == read(SPEECH.encode()).text


@pytest.mark.parametrize("encoding", ["big5", "gb18030", "utf-16-le"])
def test_traditional_characters_are_told_from_simplified_ones(encoding: str) -> None:
    assert read(TRADITIONAL.encode(encoding)).text == clean(TRADITIONAL)


def test_the_character_set_that_was_found_is_named() -> None:
    assert read(SPEECH.encode("gbk")).encoding == "gb18030"


def test_a_character_cut_in_two_at_the_end_does_not_lose_the_rest() -> None:
    assert read(SPEECH.encode("gb18030")[:-2]).text.startswith("同志们：")


def test_a_rare_character_of_gb18030_is_kept() -> None:
    assert "𬭚" in read(("各位代表，郭𬭚同志" + SPEECH).encode("gb18030")).text


def test_a_file_without_a_byte_is_empty() -> None:
    assert code_of(b"") == "empty"


def test_a_file_of_blank_lines_holds_no_text() -> None:
    assert code_of("\n　\n \n".encode()) == "no_text"


def test_pictures_are_not_text() -> None:
    assert code_of(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20) == "not_text"


def test_a_file_over_the_limit_is_refused_with_both_sizes() -> None:
    with pytest.raises(ReadError) as refused:
        read(b"a" * 2_000_000, limits=Limits(max_bytes=1024 * 1024))
    assert refused.value.code == "too_large"
    assert "1.9" in str(refused.value)
    assert "1.0" in str(refused.value)


def code_of(data: bytes) -> str:
    with pytest.raises(ReadError) as refused:
        read(data)
    return refused.value.code
