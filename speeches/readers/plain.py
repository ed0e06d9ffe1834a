"""Plain text: which character set the bytes are in."""

import codecs

from .errors import ReadError

BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
LEGACY = ("gb18030", "big5hkscs", "utf-16-le", "utf-16-be")

# The most frequent characters of Chinese prose, in simplified and in traditional form. Bytes read in the
# wrong character set still give Chinese characters, but hardly ever these.
FREQUENT = frozenset(
    "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而"
    "方后多定行学法所民得经十三之进着等部度家电力里如水化高自二理起小物现实加量都两体制机当使点从业本去把性好"
    "应开它合还因由其些然前外天政四日那社义事平形相全表间样与关各重新线内数正心反你明看原又么利比或但质气第向"
    "道命此变条只没结解问意建月公无系情者最立代想已通并提直题党程展五果员革位入常文总次式活设及管特件长求老头"
    "基资边流路级少山统接较将组见计别期根论运农指几九区强放决干做必先回则任取据处市县镇乡村委府项目讲话会议"
    "這為個國時來們動過說產種後學經進電裡現實兩體機當點從業應開還義樣與關線內數質氣變條沒結問無係並題黨員"
    "總設長頭資邊級統將組見計別論運農幾區強決則據處縣鎮鄉項講話會議對發務報黨"
    "，。、；：？！“”（）《》"
)
SAMPLE = 50_000
CONTROLS = dict.fromkeys([*range(9), 11, *range(14, 32), 127])


def decode(data: bytes) -> tuple[str, str]:
    """Return the text of ``data`` and the name of its character set.

    UTF-8 where the bytes allow it; else whichever of GB18030, Big5 and UTF-16 reads most like Chinese.
    A few bytes that fit nowhere become U+FFFD; where they are more than a few, ``ReadError``.
    """
    for bom, encoding in BOMS:
        if data.startswith(bom):
            return _decode_as(encoding, data), encoding.removesuffix("-sig")
    if (text := _strict("utf-8", data)) is not None and "\0" not in text:
        return text, "utf-8"
    best = max(LEGACY, key=lambda encoding: _likeness(data, encoding))
    if _likeness(data, best) >= 0.2:
        return _decode_as(best, data), best
    text = data.decode("utf-8", errors="replace")
    if _damage(text) <= 0.01:
        return text, "utf-8"
    raise ReadError("not_text" if _is_binary(data) else "unknown_encoding")


def _strict(encoding: str, data: bytes) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def _decode_as(encoding: str, data: bytes) -> str:
    text = data.decode(encoding, errors="replace")
    if _damage(text) > 0.01:
        raise ReadError("unknown_encoding")
    return text


def _damage(text: str) -> float:
    # The last character may be cut in two: that is no damage.
    return (text[:-1].count("\ufffd") + text.count("\0")) / max(len(text), 1)


def _likeness(data: bytes, encoding: str) -> float:
    """How much ``data``, read as ``encoding``, looks like Chinese prose: 0 to 1, and below where it is wrong."""
    sample = data[:SAMPLE].decode(encoding, errors="replace")
    foreign = sum(not char.isascii() for char in sample)
    frequent = sum(char in FREQUENT for char in sample) if foreign else 1
    wrong = sample[:-1].count("\ufffd") + sample.count("\0")
    return (frequent - 10 * wrong) / max(foreign, 1)


def _is_binary(data: bytes) -> bool:
    sample = data[:SAMPLE]
    controls = len(sample) - len(sample.translate(None, bytes(CONTROLS)))
    return controls > len(sample) * 0.01
