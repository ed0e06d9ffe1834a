"""Both languages are complete: every English string has its Chinese, and what is served is what was translated."""

import gettext
import re
from pathlib import Path

import polib
import pytest

ROOT = Path(__file__).resolve().parents[1]
CATALOGUE = ROOT / "tracker/locale/zh_Hans/LC_MESSAGES/django.po"
HAN = re.compile(r"[\u4e00-\u9fff]")
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w+\}")


@pytest.fixture(scope="module")
def entries() -> list[polib.POEntry]:
    return [entry for entry in polib.pofile(str(CATALOGUE)) if not entry.obsolete]


def test_every_string_is_translated_and_none_is_a_guess(entries):
    missing = [entry.msgid for entry in entries if not entry.translated() or entry.fuzzy]

    assert missing == []


def test_translations_keep_the_placeholders_of_the_original(entries):
    changed = [
        entry.msgid
        for entry in entries
        if not entry.msgid_plural
        and sorted(PLACEHOLDER.findall(entry.msgid)) != sorted(PLACEHOLDER.findall(entry.msgstr))
    ]

    assert changed == []


def test_the_compiled_catalogue_is_the_written_one(entries):
    with CATALOGUE.with_suffix(".mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)

    stale = [entry.msgid for entry in entries if not entry.msgid_plural and not entry.msgctxt
             and compiled.gettext(entry.msgid) != entry.msgstr]  # fmt: skip
    assert stale == [], "run manage.py compilemessages"


def test_the_original_strings_are_english(entries):
    # A Chinese word may be named inside an English sentence, as an example in quotation marks.
    chinese = [entry.msgid for entry in entries if HAN.search(re.sub(r"[“\"(（].*?[”\")）]", "", entry.msgid))]

    assert chinese == []


def test_templates_hold_no_chinese_outside_of_the_catalogue():
    allowed = {ROOT / "templates/language.html"}  # the switch names each language in itself
    found = [
        str(path.relative_to(ROOT))
        for path in ROOT.glob("templates/**/*.html")
        if path not in allowed
        and HAN.search(re.sub(r"{#.*?#}|{% comment.*?endcomment %}", "", path.read_text(), flags=re.S))
    ]

    assert found == []
