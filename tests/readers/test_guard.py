"""Hostile files are read in a process of their own."""

import pytest

from speeches.readers import Limits, ReadError, read, read_guarded

SPEECH = "同志们：\n今天的会议很重要，请各乡镇在9月底前完成河道清理。\n".encode("gb18030")


def test_a_guarded_reading_gives_the_same_document() -> None:
    assert read_guarded(SPEECH, name="讲话.txt") == read(SPEECH, name="讲话.txt")


def test_an_error_comes_back_with_its_code_and_figures() -> None:
    with pytest.raises(ReadError) as refused:
        read_guarded(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20)
    assert refused.value.code == "not_text"
    with pytest.raises(ReadError) as refused:
        read_guarded(SPEECH, limits=Limits(max_chars=5))
    assert refused.value.params == {"limit": 5}


def test_what_needs_more_memory_than_allowed_is_refused() -> None:
    with pytest.raises(ReadError) as refused:
        read_guarded(SPEECH * 200_000, limits=Limits(max_chars=10**9), memory_mb=150)
    assert refused.value.code == "too_complex"


def test_what_takes_too_long_is_stopped() -> None:
    with pytest.raises(ReadError) as refused:
        read_guarded(SPEECH * 500_000, limits=Limits(max_chars=10**9), seconds=1)
    assert refused.value.code == "too_slow"
