"""The extractor: text in, commitments out."""

import re
from dataclasses import replace
from datetime import date

from speeches.extraction import charging, judge, tables, trailers
from speeches.extraction.clauses import Clause, dissect
from speeches.extraction.deadlines import Spot as DateSpot
from speeches.extraction.deadlines import spot as spot_dates
from speeches.extraction.drafts import Draft, Scope, Sentence, finish, join, usable
from speeches.extraction.gathering import Gathering, Judge
from speeches.extraction.model import Commitment, Deadline, Lexicon
from speeches.extraction.names import is_group, own_names
from speeches.extraction.points import Points
from speeches.extraction.roster import Roster, addressed, noted, titled
from speeches.extraction.structure import CAPTION, Block, Section, heading_of, layout, without
from speeches.extraction.text import Spelling, View, fold, segments
from speeches.extraction.units import Charge
from speeches.extraction.values import resolve
from speeches.extraction.weigh import Place

_WORTH = re.compile(
    r"[\d一二两三四五六七八九十百半每逐按月旬日底前内年季周]|[局委办部门位组室会镇乡区县街企]|建立|构建|制定|出台|编|启动|开工|建成|完成|办好|举办|纳入|列入|成立|设立|实行|请|由"
)
# How far the place of a paragraph leans it backward, in the units of `outlook.backward`.
_LEAN = {"past": 1.2, "opening": 0.4, "news": 0.4, "open": 0.0, "plan": -1.0}
_LOOKING_BACK = 0.8
# A paragraph that leans so far back by its words holds no commitment but in a sentence that says so.
_FAR_BACK = 1.0
# A stretch this long without a stop is no sentence; reading on would only make odd input slow.
_LONGEST = 2000
# Dates that bound a whole year's work, and go on bounding it after a semicolon.
_PERIOD = re.compile(r"Y\+\d|\d{4}|(?:\d{4}|XXXX|Y\+\d)-H\d|P\d+Y|\d{4}/\d{4}")
_FIRST_POINT = re.compile(r"一(?:是|要)|[（(]?[1一][）)、.．]|①|首先")
_POINT = re.compile(r"\s*(?:[（(]?\d{1,2}[）)、.．]|[一二三四五六七八九十]{1,2}(?:是|要)|[②-⑳])")
# What a heading says of its time: （一）自查自纠（9月1日至9月20日）。 第二阶段：集中整治，4月至6月
# 做到三个到位, 抓好以下三项工作
_POINTS = re.compile(
    r"(?:做到|抓好|做好|抓|办好|实现|落实|把握|突出)[^，。]{0,4}[一二三四五六七八九十]{1,2}[个件项点方][^，。]{0,8}$"
)
_OF_TIME = re.compile(r"[（(](?P<note>[^（）()]{2,40})[）)][。：:；;]?$|[：:，](?P<tail>[^，：:（）]{3,30})$")
_RUNS_TO = re.compile(r"即日起?|从|自|[起至到—-]")
_TERMINAL = re.compile(r"[。！？；;：:!?…”\"」）)]\s*$")
_STOP = re.compile(r"\s*[。；！？;]")
_DROP_HEAD = re.compile(
    r"(?:[—\-·●◆☆>＞*]*(?:（[一二三四五六七八九十\d]{1,3}）|[一二三四五六七八九十]{1,3}、|\d{1,2}[.．、]|[一二三四五六七八九十]{1,2}[是要]|第[一二三四五六七八九十]{1,2}，|——))?(?:同时|此外|另外|下一步|接下来|因此|为此|总之|同志们|各位代表|再次强调|特别强调|当然)?，?(?:要|必须|还要|也要|务必)?"
)


_REPORTED = re.compile(r"(?:强调|要求|指出|提出要求|部署|叮嘱|责成|会议(?:决定|明确|议定))(?!，?(?:成绩|问题))")
_INLINE_HEADING = re.compile(
    r"[>\s]*(?:[一二三四五六七八九十]{1,3}、|（[一二三四五六七八九十\d]{1,3}）|\d{1,2}[.．、]|[一二三四五六七八九十](?:是|要)|第[一二三四五六七八九十]{1,2}[，、])"
)
_HARD = re.compile(r"\d(?!、|\.|．)|年底|月底|每[月周季年]|[一二三四五六七八九十]月")
_TAIL = re.compile(
    r"[（(](?:(?:牵头|主办|责任|配合|协办|承办|主责|参与|落实|完成|办理|整改|办结)[^（）()]{0,4}(?:单位|部门|时限|期限|时间|人|领导)[:：]|[^（）()]{2,120}(?:牵头|负责|配合|按职责分工)[^（）()]{0,30}[）)]?$).*$"
)
# A sentence that goes on with the subject of the one before: 还要…, 同时要…, 二是….
_GOES_ON = re.compile(
    r"(?:同时|此外|另外)?，?(?:还|也|并|同时)要|[一二三四五六七八九](?:是|要)|其[一二三四]|首先|其次|第[一二三四五六]，"
)
# How likely a row of a table is a commitment where no rule saw one in its words.
_LISTED = 0.7


def _greets(clauses: list[Clause]) -> bool:
    """各乡镇人民政府，县直各单位： is only addressed to them."""
    return not any(c.deadlines or c.recurrences or c.targets for c in clauses)


class Reader:
    """Reads one text from its first line to its last."""

    def __init__(self, text: str, lexicon: Lexicon | None, judge: Judge | None = None) -> None:
        self.text = text
        self.judge = judge or Judge()
        self.folded = fold(text)
        self.own = own_names(lexicon)
        self.section = Section()
        self.found: list[Commitment] = []
        self.lead: DateSpot | None = None
        self.lead_span: tuple[int, int] | None = None
        self.lead_level = 9
        self.level = 0
        self.lead_units: Charge | None = None
        self.spelling = Spelling(text, self.folded)
        self.points = Points(self.found, self.spelling)
        self.table: tables.Table | None = None
        self.following: Block | None = None
        # Whether a trailer of the paragraph at hand says who does what stands in it.
        self.charged = False
        # Which share of the sentences of the paragraph at hand tells someone what to do.
        self.modals = 0.0
        self.block = Block([], "")
        self.sentences: list[Sentence] = []

    def read(self) -> list[Commitment]:
        """Every commitment, unresolved, in the text's order."""
        blocks = layout(self.folded)
        if (
            blocks
            and not (blocks[0].heading or tables.header(blocks[0].words))
            and len(blocks[0].words) < 60
            and not _TERMINAL.search(blocks[0].words)
        ):
            self.section.zone = "opening"
            del blocks[0]
        for n, block in enumerate(blocks):
            self.following = blocks[n + 1] if n + 1 < len(blocks) else None
            if self._tabular(block):
                continue
            if block.heading:
                self._heading(block, blocks[n + 1] if n + 1 < len(blocks) else None)
            else:
                self._paragraph(block)
        return sorted(self.found, key=lambda c: (c.start, c.end))

    def _heading(self, block: Block, following: Block | None) -> None:
        assert block.heading
        level, words = block.heading
        self.level = level
        self._leave(level)
        if not self._stands_alone(following, level) and self._timed_heading(join(self.folded, block.lines)):
            self.points.reset()
            return
        if whose := titled(words, self.own):
            self.points.reset()
            self.section.enter(level, words)
            self._lead(whose, level)
        elif level and (_TAIL.search(words) or self._stands_alone(following, level)):
            self._paragraph(block)
        else:
            self.points.reset()
            self.section.enter(level, words)
            if level and _HARD.search(words[2:]):
                self._paragraph(block)
            elif said := trailers.find(words):
                self._lead(said[-1], level)

    def _heads(self, block: Block) -> bool:
        """A line that is nothing but a unit or person heads the tasks below it, in a part that has begun."""
        words = block.words.strip("【】[] ：:*>")
        if len(words) > 30 or not self.section.headings or self.section.zone == "opening" or not self.following:
            return False
        whose = titled(words, self.own)
        below = self.following.words
        if whose is None or is_group(words, self.own) or CAPTION.fullmatch(below.strip()) or titled(below, self.own):
            return False
        self.points.reset()
        level = max((n for n, _ in self.section.headings if n <= 1), default=0)
        self.lead_units, self.lead_level = Charge(whose.responsible, whose.supporting, whose.people), level
        return True

    def _lead(self, said: Roster, level: int) -> None:
        """Who is charged with all that follows, up to the next heading of that level."""
        if self.lead_units and self.lead_level == level and not self.points.spoken:
            self.lead_units = charging.joined(self.lead_units, Charge(said.responsible, said.supporting, said.people))
        elif said.responsible or said.people:
            self.lead_units, self.lead_level = Charge(said.responsible, said.supporting, said.people), level

    def _leave(self, level: int) -> None:
        """A heading ends what a lead-in of its level or below has governed."""
        if level <= self.lead_level:
            self.lead, self.lead_units, self.lead_level = None, None, 9

    def _timed_heading(self, seen: View) -> bool:
        """A short heading that ends with its dates governs the text below by the last of them."""
        words = seen.text.strip()
        heading = heading_of(words)
        m = _OF_TIME.search(seen.text)
        if heading is None or m is None:
            return False
        name = "note" if m["note"] else "tail"
        dates = spot_dates(m[name])
        said = _RUNS_TO.sub("", m[name])
        if not dates or sum(b - a for a, b, *_ in dates) < len(said) - 2 or len(words) - len(m[name]) > 24:
            return False
        self._leave(heading[0])
        self.section.enter(*heading)
        start, end, symbol, flags = dates[-1]
        self.lead = (start + m.start(name), end + m.start(name), symbol, flags)
        self.lead_span, self.lead_level = seen.where(*self.lead[:2]), heading[0]
        return True

    @staticmethod
    def _stands_alone(following: Block | None, level: int) -> bool:
        """Whether a numbered line is a point of its own, with no text below that spells it out."""
        if following is None:
            return True
        below = following.heading
        return trailers.START.match(following.words) is not None or (below is not None and below[0] <= level)

    def _paragraph(self, block: Block) -> None:
        words = block.words
        if self._heads(block):
            return
        self.section.read(words.strip())
        self.block = block
        lean = block.back + _LEAN[self.section.zone] + (_LOOKING_BACK if self.section.back else 0.0)
        self.judge.retrospective = lean > 0
        if CAPTION.fullmatch(words.strip()) and not trailers.START.match(words):
            return
        scope = Scope()
        first = len(self.found)
        said = self._trailers(block)
        self.charged = any(t.responsible or t.people or t.when for t in said)
        spans = [(block.place(t.start), block.place(t.end - 1) + 1) for t in said]
        taken = spans
        if note := noted(words, self.own):
            scope.addressed = Charge(note[0].responsible, note[0].supporting, note[0].people)
            taken = [(block.place(0), block.place(note[1] - 1) + 1), *spans]
        self.sentences = self._sentences(without(self.folded, block.lines, taken))
        if self.sentences:
            self.points.begin(words)
            self.modals = sum(s.modal for s in self.sentences) / len(self.sentences)
        self.points.idle += self._each(scope, first)
        if self.charged:
            for sentence in self.points.idle:
                at = sentence.spans[0][0] - block.lines[0][0]
                if not self.sentences or any(t.since <= at < t.start for t in said):
                    self._assign(sentence)
            self.points.idle = []
        last = not said or not re.search(r"[一-龥]", words[said[-1].end :])
        alone = not self.sentences
        above = self.points.charge(said, spans, first, lambda t: self._when(t, block), last=last, alone=alone)
        if above:
            self._lead(above, self.level)

    @staticmethod
    def _trailers(block: Block) -> list[trailers.Trailer]:
        """The trailers of a paragraph, each at its place in the words."""
        close, kept = block.compact()
        said = trailers.find(close)
        if kept:
            for t in said:
                t.move(kept)
        return said

    def _each(self, scope: Scope, first: int) -> list[Sentence]:
        """Reads the sentences of a paragraph; returns those that hold no item by themselves."""
        idle: list[Sentence] = []
        for n, sentence in enumerate(self.sentences):
            words = sentence.view.text.strip()
            if n == 0 and len(self.sentences) > 1 and self._opens(sentence, words, scope):
                continue
            if (first < len(self.found) or idle) and (closing := trailers.sentence(words)):
                for earlier in idle:
                    self._assign(earlier)
                self.points.give(closing, range(first, len(self.found)), None)
                scope.addressed = Charge(closing.responsible, closing.supporting, closing.people)
                idle = []
                continue
            before = len(self.found)
            self._sentence(sentence, scope)
            following = self.sentences[n + 1].view.text if n + 1 < len(self.sentences) else ""
            if scope.governs and not (words.endswith("；") or _POINT.match(following)):
                scope.governs, scope.deadline = False, None
            if before == len(self.found) and not self.judge.retrospective:
                idle.append(sentence)
        return idle

    def _opens(self, sentence: Sentence, words: str, scope: Scope) -> bool:
        """Whether a paragraph's first sentence only heads the rest of it: by whose it is, when, or what about."""
        if whose := titled(words.rstrip("。"), self.own):
            scope.addressed = Charge(whose.responsible, whose.supporting, whose.people)
            return True
        if self._timed_heading(sentence.view):
            return True
        if len(words) >= 26 or not _INLINE_HEADING.match(words) or _HARD.search(words):
            return False
        if heading := heading_of(words):
            self._leave(heading[0])
            self.section.enter(*heading)
        return True

    def _assign(self, sentence: Sentence) -> None:
        """A sentence that says something to do, and that a trailer hands to somebody, is an item."""
        words = sentence.view.text.rstrip("。；;！? ")
        clauses = dissect(words, self.own)
        facts = any(c.deadlines or c.recurrences or c.targets for c in clauses)
        if facts or not 6 <= len(words) <= 160 or not judge.concrete(words) or judge.is_past(words):
            return
        if judge.BACKGROUND.match(words) or words.endswith("："):
            return
        for clause in clauses:
            clause.likely = _LISTED
        draft = Draft(0, len(words), 0, "assigned", clauses, reasons=["trailer"])
        charging.hand_out([draft], clauses, Charge(), None)
        self._emit(draft, sentence)

    def _when(self, trailer: trailers.Trailer, block: Block) -> Deadline | None:
        """The date of a trailer, which the items take over."""
        if not trailer.when:
            return None
        a, b, symbol, flags = trailer.when
        a, b = block.place(a), block.place(b - 1) + 1
        return Deadline(self.text[a:b], None, True, a, b, symbol, flags)

    def _tabular(self, block: Block) -> bool:
        """Reads the lines of a block that are the header or the rows of a table; whether that was all of it."""
        read = 0
        for a, b in block.lines:
            line = self.folded[a:b]
            if head := tables.header(line):
                self.table = head
            elif self.table and (row := tables.row(self.table, line)):
                self._row(row, a)
            elif not (self.table and tables.is_rule(line)):
                self.table = None
                break
            read += 1
        if read == len(block.lines):
            return True
        block.words = "".join(self.folded[a:b] for a, b in block.lines[read:])
        del block.lines[:read]
        return False

    def _row(self, row: tables.Row, at: int) -> None:
        """The items of one row of a table."""
        zone = self.section.zone
        if self.table and not self.table.reports:
            self.section.zone = "plan"
        first = len(self.found)
        self.block = Block([(at + a, at + b) for a, b in row.texts], "")
        self.judge.retrospective = False
        self.sentences = self._sentences(self.block.lines, apart=True)
        self.modals = 0.0
        for sentence in self.sentences:
            self._sentence(sentence, Scope())
        if first == len(self.found) and (row.said.when or row.said.responsible or row.said.people):
            sentence = self.sentences[-1]
            words = sentence.view.text
            clauses = dissect(words, self.own)
            for clause in clauses:
                clause.likely = _LISTED
            self._emit(Draft(0, len(words), 0, "hard", clauses, reasons=["row"]), sentence)
        deadline = None
        if row.said.when:
            x, y, symbol, flags = row.said.when
            deadline = Deadline(self.text[at + x : at + y], None, False, at + x, at + y, symbol, flags)
        self.points.give(row.said, range(first, len(self.found)), deadline)
        self.section.zone = zone

    def _sentences(self, lines: list[tuple[int, int]], *, apart: bool = False) -> list[Sentence]:
        found: list[list[tuple[int, int]]] = []
        open_end = False
        for a, b in lines:
            if _STOP.match(self.folded, a, b):
                open_end = False
            for x, y in segments(self.text[a:b]):
                span = (a + x, a + y)
                if open_end and found:
                    found[-1].append(span)
                else:
                    found.append([span])
                open_end = not apart and not _TERMINAL.search(self.folded[slice(*span)])
        return [Sentence(n, s, join(self.folded, s)) for n, s in enumerate(found)]

    # ---- one sentence -------------------------------------------------------------------------------

    def _sentence(self, sentence: Sentence, scope: Scope) -> None:
        text = sentence.view.text
        if self.section.zone == "news" and _REPORTED.search(text):
            self.section.zone = "plan"
        stripped = text.rstrip("。！？; ")
        if not 5 <= len(stripped) <= _LONGEST:
            return
        if self._surely_past(sentence) or not _WORTH.search(text) or trailers.START.match(text):
            return
        if m := _TAIL.search(stripped):
            stripped = stripped[: m.start()]
            if len(stripped) < 4:
                return
        clauses = dissect(stripped, self.own)
        if stripped.endswith("：") and (self._lead_in(clauses, stripped, sentence) or _greets(clauses)):
            return
        if text.rstrip().endswith("？"):
            del clauses[-1]
        if sentence is self.sentences[-1] and self.following and self._announces(clauses, stripped):
            self._lead_in(clauses, stripped + "如下", sentence)
        drafts = self._drafts(clauses, stripped, scope, sentence)
        for draft in drafts:
            self._emit(draft, sentence)
        goes_on = scope.governs or (stripped.endswith("；") and not any(c.deadlines for c in clauses))
        if scope.open or not goes_on:
            scope.deadline = self._carry(scope, sentence)

    def _announces(self, clauses: list[Clause], text: str) -> bool:
        """Whether a paragraph ends by telling somebody of points that the next ones spell out, without a colon."""
        below = self.following.words if self.following else ""
        charged = any(c.charge.responsible for c in clauses)
        return charged and _POINTS.search(text) is not None and _FIRST_POINT.match(below.strip()) is not None

    def _surely_past(self, sentence: Sentence) -> bool:
        """Whether a sentence that tells nobody what to do looks back, in a paragraph that does."""
        if sentence.modal or self.block.back <= _FAR_BACK:
            return False
        return sentence.back > 0 and judge.FORECAST.search(sentence.view.text) is None

    def _lead_in(self, clauses: list[Clause], text: str, sentence: Sentence) -> bool:
        """下半年，着重抓好以下项目： governs what follows, up to the next heading of its level."""
        if not re.search(r"以下|如下|任务|目标|项目|重点|抓好|做好|做到|完成|是：|要：|负责：", text[-20:]):
            return False
        charged = [c.charge for c in clauses if c.charge]
        level = self.section.headings[-1][0] if self.section.headings else 0
        if self.following and self.following.heading:
            level = min(level, self.following.heading[0] - 1)
        if charged:
            self.lead_units, self.lead_level = charged[-1], level
        spots = [d for c in clauses for d in c.deadlines if usable(d, text)]
        if spots and not re.search(r"工作(?:要点|报告|回顾)", text):
            self.lead = spots[-1]
            self.lead_span = sentence.view.where(*spots[-1][:2])
            self.lead_level = level
        return True

    def _drafts(self, clauses: list[Clause], text: str, scope: Scope, sentence: Sentence) -> list[Draft]:
        gathering = Gathering(self.judge, text, scope.deadline, scope.governs)
        scope.addressed = self._addressed(clauses, text) or scope.addressed
        if not (scope.joined or _GOES_ON.match(text)):
            scope.charge = Charge()
        governing = self._governing(clauses, text)
        listed = 0 if scope.governs or self.charged else text.find("：") if governing else len(text)
        place = Place(self.section, self.block, sentence, text, self.modals, listed)
        for clause in clauses:
            gathering.take(clause, place)
        drafts = gathering.finished()
        lead = scope.addressed or self.lead_units
        scope.charge = charging.hand_out(drafts, clauses, scope.charge, lead)
        scope.joined = text.endswith("；")
        date = gathering.date
        scope.open = date if date and text.endswith("；") and _PERIOD.fullmatch(date[2]) else None
        if governing:
            scope.open, scope.governs = governing, True
            drafts = [d for d in drafts if d.end > listed or d.targets or d.responsible or d.people]
        return drafts

    @staticmethod
    def _governing(clauses: list[Clause], text: str) -> DateSpot | None:
        """5月底前，办好三件事：一是…；二是…： the date before the colon governs every point up to the full stop."""
        colon = text.find("：")
        if colon < 0 or not _FIRST_POINT.match(text, colon + 1):
            return None
        dates = [d for c in clauses for d in c.deadlines if d[1] <= colon and usable(d, text)]
        return dates[-1] if dates else None

    def _addressed(self, clauses: list[Clause], text: str) -> Charge | None:
        """市教育局：3月底前… charges what follows the colon, to the end of the paragraph."""
        if "：" not in text[1:80] or not clauses:
            return None
        colon = text.index("：", 1)
        whose = addressed(text[:colon], self.own)
        if whose is None or colon + 2 > len(text):
            return None
        charge = Charge(whose.responsible, whose.supporting, whose.people, 0, len(clauses[0].text), "unit")
        for n, clause in enumerate(c for c in clauses if c.start < colon):
            clause.charge = replace(charge, start=0, end=len(clause.text)) if n == 0 else Charge()
        return charge

    # ---- what stands -------------------------------------------------------------------------------

    def _emit(self, draft: Draft, sentence: Sentence) -> None:
        seen = sentence.view
        a, b = seen.where(draft.start, draft.end)
        # Where hard line breaks have torn it, it stands where most of it does.
        span = max(sentence.spans, key=lambda s: min(b, s[1]) - max(a, s[0]))
        a, b = max(a, span[0]), min(b, span[1])
        raw = self.text[a:b]
        head = _DROP_HEAD.match(self.folded[a:b])
        skip = head.end() if head and head.end() < b - a - 2 else 0
        a += skip
        raw = self.text[a:b]
        a += len(raw) - len(raw.lstrip())
        b -= len(raw) - len(raw.rstrip())
        if b - a < 2:
            return
        above = None
        if self.lead and self.lead_span:
            x, y = self.lead_span
            above = Deadline(self.text[x:y], None, True, x, y, self.lead[2], self.lead[3])
        self.found.append(finish(draft, seen, self.text, self.spelling, (a, b), above, self.section.titles()))

    def _carry(self, scope: Scope, sentence: Sentence) -> Deadline | None:
        """The date that still bounds the numbers after a semicolon."""
        if not scope.open:
            return None
        a, b = sentence.view.where(*scope.open[:2])
        return Deadline(self.text[a:b], None, True, a, b, scope.open[2], scope.open[3])


def extract(text: str, *, delivered_on: date | None, lexicon: Lexicon | None = None) -> list[Commitment]:
    """Every commitment in the text, in its order. Offsets are characters of `text`; text[start:end] == quote.

    With `delivered_on=None` deadlines keep their symbol and have no `last_day`; `resolve` fills it in later.
    """
    found = Reader(text, lexicon).read()
    return [resolve(c, delivered_on=delivered_on, lexicon=lexicon) for c in found]
