"""How a speech is built: headings, paragraphs, and sections that look back or forward."""

import re
from dataclasses import dataclass, field
from itertools import groupby, pairwise

from speeches.extraction import outlook
from speeches.extraction.trailers import START

_NUMBERED = re.compile(
    r"[>\s*#●◆■☆]*(?:(?P<l0>第[一二三四五六七八九十]+[章节部编]|[一二三四五六七八九十]{1,3}[、．.])|(?P<l1>（[一二三四五六七八九十]{1,3}）)"
    r"|(?P<l2>\d{1,2}[.．、](?!\d))|(?P<l3>（\d{1,2}）|\d{1,2}）|[①-⑳])|(?P<l4>——|第[一二三四五六七八九十]{1,2}(?:件|层|句|个字)?[，、,：:]|[一二三四五六七八九十]{1,2}(?:是|要)))"
)
PAST_HEADING = re.compile(
    r"回顾|过去|成绩|成效|成就|形势|存在|问题(?!整改)|差距|不足|短板|基本情况|工作情况|进展情况|完成情况|落实情况|总体情况|情况怎么样|怎么样|看情况|认识|肯定|意义|重要性|紧迫感|必要性|前段|前一阶段|取得|主要做法|态势|背景|清醒|喜忧|差的说透|欠账|家底|现状|总体评价|特点|运行|机遇|挑战|优势|体会|经验|启示|原因|困难|矛盾|变化|概况|为什么|指导思想|总体要求|上半年(?!.*下半年)|五年来|一年来|去年工作|今年以来"
)
PLAN_HEADING = re.compile(
    r"任务|安排|要求|措施|部署|打算|重点|目标|下步|下一步|今后|整改|怎么办|怎么干|议定|落实|加强|强化|抓好|狠抓|推进|确保|做好|保障|责任|行动|工作|加快|提升|全面|突出|打|建设|着力|聚焦|扎实|深化|坚持|坚决|持续|积极|切实|更"
)
_LOOK_BACK = re.compile(
    r"(?:这|过去|近|五|一|三|两)[一二三四五几两]?年(?:来|，|间|里|，我们)|(?:刚刚)?过去的[一五]年|刚刚过去的|去年(?:以来|，|一年)|今年以来|[今去]年前[一二三四五六七八九十两\d]+个?月|上半年(?:，|以来|的工作)|前[一二三四五六七八九十\d]+个?月|1[—-]\d+月|回顾|[一五]年来|年初以来|入[春夏秋冬]以来|一段时间以来|总的看|先把去年|先看看|先说|先讲|会议(?:听取|认为)|但是?，?(?:也?要看到|问题)|(?:同时|也)(?:要|必须)?(?:清醒|看到)|与此同时，其他|成绩来之|这些成绩|在(?:取得|肯定)成绩"
)
_LOOK_FORWARD = re.compile(
    r"怎么[干办搞做]|下[一]?步|下一阶段|接下来|下半年[，要]|今年(?:的|要|工作|经济社会发展的?)?(?:主要)?(?:预期)?(?:目标|任务)|讲(?:[一二三四五六七八九十几两]|以下)[点条句件个层]|提(?:出)?[一二三四五六七八九十几两][点条]|提几点|强调[一二三四五六七八九十几]个?[点方]|要求如下|通知如下|纪要如下|具体(?:要|抓|做好)|议定|现就|明确如下|安排如下|奋斗目标|主要任务|总体要求|做到以下|重点抓好|我(?:再)?(?:讲|提|强调)"
)


# 一是…, 二是…: goes on with what the paragraph before has opened.
_GOES_ON = re.compile(
    r"[>\s]*(?:[一二三四五六七八九十]{1,2}是|其[一二三四五]|首先|其次|再次|第[一二三四五六七八九十]，|——)"
)
_SURELY_PLAN = re.compile(r"任务|下一?步|打算|措施|要求|整改|怎么办|怎么干|对策|解决")
_SALUTATION = re.compile(r"[>\s]*(?:同志们|各位[一-龥、，]{0,30})[：:！]?$|[一-龥、，（）]{4,50}：$")


_NEWS = re.compile(r"本报讯|[（(][^）)]{0,8}记者|日讯|通讯员")


def last_match(pattern: re.Pattern[str], text: str) -> int:
    """Where the last match begins; -1 without one."""
    return max((m.start() for m in pattern.finditer(text)), default=-1)


@dataclass
class Section:
    """Where a line stands: the headings above it, and whether the part it belongs to looks back."""

    headings: list[tuple[int, str]] = field(default_factory=list)
    zone: str = "open"
    news: bool = False
    # The level of the heading that set the zone; 9 where a sentence did.
    level: int = 9
    # Whether the paragraph at hand looks back, by its own first words.
    back: bool = False

    def enter(self, level: int, title: str) -> None:
        """A heading of that level ends all of its own level and below."""
        self.headings = [h for h in self.headings if h[0] < level] + [(level, title)]
        back, ahead = last_match(PAST_HEADING, title), last_match(PLAN_HEADING, title)
        if level <= 1 or level == 4:
            if self.zone == "past" and level > self.level:
                return
            if back > ahead or (back >= 0 and not _SURELY_PLAN.search(title)):
                self.zone, self.level = "past", level
            elif level == 1 and self.zone == "open":
                return  # a passage: which chapter （一） belongs to cannot be seen
            else:
                self.zone, self.level = "plan", level

    def read(self, paragraph: str) -> None:
        """A paragraph that opens with a look back or forward turns the zone."""
        head = paragraph[:24]
        told = self.back and _GOES_ON.match(paragraph) is not None
        self.back = told
        if _NEWS.search(head):
            self.news = True
        if self.news:
            self.zone, self.level = "news", 9
            return
        if _SALUTATION.match(paragraph):
            self.zone, self.level = "opening", 9
            return
        if (_LOOK_FORWARD.search(paragraph[-40:]) and len(paragraph) < 120) or _LOOK_FORWARD.search(head):
            self.zone, self.level, self.back = "plan", 9, False
        elif _LOOK_BACK.search(head[:14]):
            self.back = True

    def titles(self) -> tuple[str, ...]:
        """The headings above, outermost first."""
        return tuple(title for _, title in self.headings)


_MARKS = re.compile(r"^[>\s*#●◆■☆—]+")


def heading_of(line: str) -> tuple[int, str] | None:
    """Level (0 outermost) and words of a line that is a heading by itself."""
    bare = line.strip()
    if not bare or len(bare) > 60:
        return None
    m = _NUMBERED.match(bare)
    if m is None:
        return None
    level = next(i for i, name in enumerate(("l0", "l1", "l2", "l3", "l4")) if m[name])
    inner = bare.rstrip("。：:；;")
    if re.search(r"[。；;！？]", inner) or (level == 4 and not m["l4"].startswith(("——", "第"))):
        return None
    if level >= 2 and len(inner) > 36:
        return None
    title = _MARKS.sub("", inner).strip()
    return level, title


@dataclass
class Block:
    """A heading, or a paragraph in the lines that hard breaks have torn it into.

    back    how far its own words look back (`outlook.backward`)
    around  the same of the rest of its section; before, after: of its neighbours
    """

    lines: list[tuple[int, int]]
    words: str
    heading: tuple[int, str] | None = None
    back: float = 0.0
    around: float = 0.0
    before: float = 0.0
    after: float = 0.0

    def compact(self) -> tuple[str, list[int] | None]:
        """The words without the spaces that a scan or a typist has put between all of them, and where each stood."""
        if self.words.count(" ") * 3 < len(self.words):
            return self.words, None
        kept = [i for i, c in enumerate(self.words) if c != " "]
        return "".join(self.words[i] for i in kept), kept

    def place(self, at: int) -> int:
        """Where a character of the words stands in the whole text."""
        for a, b in self.lines:
            if at < b - a:
                return a + at
            at -= b - a
        return self.lines[-1][1]


_CLOSED = re.compile(r"[。！？；;：:!?…”\"」）)]\s*$")
_INDENT = re.compile(r"[ \t]{2,}|\u3000|[>●◆■☆*]")
_POINT = re.compile(r"[>\s]*(?:[一二三四五六七八九十]+、|（[一二三四五六七八九十\d]+）|\d+[.．、])")
_NARROW = re.compile(r"[ -~]")


def _width(line: str) -> float:
    """How far a line reaches across the page: a Latin letter takes half the place of a character."""
    return len(line) - len(_NARROW.findall(line)) / 2


def layout(folded: str) -> list[Block]:
    """The headings and paragraphs of a folded text, blank lines left out, each with how it looks back."""
    lines, at = [], 0
    for line in folded.split("\n"):
        if line.strip():
            lines.append((at, at + len(line.rstrip())))
        at += len(line) + 1
    widths = sorted(_width(folded[a:b]) for a, b in lines)
    # A line that has been broken reaches as far as lines of this text do.
    full = 0.75 * widths[len(widths) * 9 // 10] if widths else 0.0
    blocks: list[Block] = []
    n = 0
    while n < len(lines):
        own, n = [lines[n]], n + 1
        heading = heading_of(folded[slice(*own[0])])
        while not heading and n < len(lines) and _torn(folded, own[-1], lines[n], full):
            own.append(lines[n])
            n += 1
        words = "".join(folded[a:b] for a, b in own)
        blocks.append(Block(own, words, heading, outlook.backward(words)))
    _look_around(blocks)
    return blocks


def _torn(folded: str, line: tuple[int, int], following: tuple[int, int], full: float) -> bool:
    words, nxt = folded[slice(*line)], folded[slice(*following)]
    if (
        len(words) < 12
        or _width(words) < full
        or following[0] > line[1] + 80
        or folded.count("\n", line[1], following[0]) > 1
    ):
        return False
    if START.match(nxt) or "\t" in nxt:
        return False
    return not (_CLOSED.search(words) or _INDENT.match(nxt) or _POINT.match(nxt) or heading_of(nxt))


def _look_around(blocks: list[Block]) -> None:
    """Tell every block how its neighbours and the paragraphs of its section look back."""
    for a, b in pairwise(blocks):
        b.before, a.after = a.back, b.back
    section = 0
    numbered = []
    for block in blocks:
        section += bool(block.heading and block.heading[0] <= 1)
        numbered.append((section, block))
    for _, members in groupby(numbered, key=lambda pair: pair[0]):
        whole = [block for _, block in members]
        total = sum(block.back for block in whole)
        for block in whole:
            block.around = (total - block.back) / len(whole)


# Title, date, place or name of the speaker on a line by itself.
CAPTION = re.compile(
    r"(?:同志们|各位)[^。；！？]{0,120}[：:！!]|[^。；，]{2,16}[〔（\[](?:19|20)\d\d[〕）\]](?:第)?\d{1,4}号|[（(—]*(?:20|19|二[〇零]|20[xX×])[^。；，]{2,24}[)）]?|[^。；！？]{0,40}(?:讲话|报告|纪要|通知|致辞|发言|方案|意见|要点|简报|通报|摘要|节选)(?:稿?[一二三四五六七八九十\d]*)?(?:（[^）]*）)?|(?:时间|地点|主持|记录|出席|参加(?:单位|人员)?|列席|主持人|讲话人|来源|作者|【[^】]*】?)[：:].*|(?!.*[\d前])[^。；！？，]{0,36}[\s　][×一-龥]{1,2}[\s　]?[×一-龥]{1,2}|.{0,36}\s(?:20|二〇)[^。；，]{6,14}"
)


# Words, or the mark that ends them.
_WORDS = re.compile(r"[一-龥A-Za-z\d。；！？;]")


def without(folded: str, lines: list[tuple[int, int]], spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Lines of a folded text without the trailers that stand in them."""
    kept = []
    for a, b in lines:
        for x, y in spans:
            if x < b and y > a:
                kept.append((a, max(a, x)))
                a = min(b, max(a, y))
        kept.append((a, b))
    return [(a, b) for a, b in kept if b > a and _WORDS.search(folded, a, b)]
