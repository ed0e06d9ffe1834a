"""The extractor: text in, commitments out."""

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from speeches.extraction import charging, judge, trailers
from speeches.extraction.bodies import FIELD
from speeches.extraction.clauses import Clause, dissect
from speeches.extraction.deadlines import Spot as DateSpot
from speeches.extraction.drafts import Draft, Scope, Sentence, case_limit, join, usable
from speeches.extraction.joins import together
from speeches.extraction.lists import names_at
from speeches.extraction.metrics import metric
from speeches.extraction.model import Commitment, Deadline, Lexicon, Recurrence, Target, Tier
from speeches.extraction.names import own_names
from speeches.extraction.persons import party_at
from speeches.extraction.structure import Block, Section, heading_of, layout
from speeches.extraction.targets import Spot as TargetSpot
from speeches.extraction.text import View, fold, segments
from speeches.extraction.units import Charge
from speeches.extraction.values import resolve
from speeches.extraction.weigh import Place, probability

_WORTH = re.compile(
    r"[\d一二两三四五六七八九十百半每逐按月旬日底前内年季周]|[局委办部门位组室会镇乡区县街企]|建立|构建|制定|出台|编|启动|开工|建成|完成|办好|举办|纳入|列入|成立|设立|实行|请|由"
)
# How far the place of a paragraph leans it backward, in the units of `outlook.backward`.
_LEAN = {"past": 1.2, "opening": 0.4, "news": 0.4, "open": 0.0, "plan": -1.0}
_LOOKING_BACK = 0.8
# A stretch this long without a stop is no sentence; reading on would only make odd input slow.
_LONGEST = 2000
# Dates that bound a whole year's work, and go on bounding it after a semicolon.
_PERIOD = re.compile(r"Y\+\d|\d{4}|(?:\d{4}|XXXX|Y\+\d)-H\d|P\d+Y|\d{4}/\d{4}")
# From which likelihood on a clause counts. Text without a heading or a lead-in that says where it looks has
# to show more.
_ENOUGH = {"open": 0.5}
_ENOUGH_ELSE = 0.35


def _enough(zone: str) -> float:
    return _ENOUGH.get(zone, _ENOUGH_ELSE)


_TERMINAL = re.compile(r"[。！？；;：:!?…”\"」）)]\s*$")
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
# Title, date, place or name of the speaker on a line by itself.
_CAPTION = re.compile(
    r"(?:同志们|各位)[^。；！？]{0,120}[：:！!]|[^。；，]{2,16}[〔（\[](?:19|20)\d\d[〕）\]](?:第)?\d{1,4}号|[（(—]*(?:20|19|二[〇零]|20[xX×])[^。；，]{2,24}[)）]?|[^。；！？]{0,40}(?:讲话|报告|纪要|通知|致辞|发言|方案|意见|要点|简报|通报|摘要|节选)(?:稿?[一二三四五六七八九十\d]*)?(?:（[^）]*）)?|(?:时间|地点|主持|记录|出席|参加(?:单位|人员)?|列席|主持人|讲话人|来源|作者|【[^】]*】?)[：:].*|(?!.*[\d前])[^。；！？，]{0,36}[\s　][×一-龥]{1,2}[\s　]?[×一-龥]{1,2}|.{0,36}\s(?:20|二〇)[^。；，]{6,14}"
)


def as_written(names: Iterable[str], text: str, folded: str) -> tuple[str, ...]:
    """Each name once, spelled as the text spells it where it stands there in one piece."""
    found: dict[str, None] = {}
    for name in names:
        at = -1 if name in text else folded.find(name)
        found[text[at : at + len(name)] if at >= 0 else name] = None
    return tuple(found)


# A sentence that goes on with the subject of the one before: 还要…, 同时要…, 二是….
_GOES_ON = re.compile(
    r"(?:同时|此外|另外)?，?(?:还|也|并|同时)要|[一二三四五六七八九](?:是|要)|其[一二三四]|首先|其次|第[一二三四五六]，"
)
_ORDER = re.compile(r"^[>\s]*[（(]?[一二三四五六七八九十\d]{1,3}[）)、.．]")
# What may stand between a unit and the colon after which its tasks follow.
_TO_DO = re.compile(
    r"(?:（[^（）]{1,8}）)?(?:要|负责|任务|重点|牵头负责|主要负责|具体负责|的任务|的?主要任务|的?职责)?"
)


class Reader:
    """Reads one text from its first line to its last."""

    def __init__(self, text: str, lexicon: Lexicon | None) -> None:
        self.text = text
        self.folded = fold(text)
        self.own = own_names(lexicon)
        self.section = Section()
        self.found: list[Commitment] = []
        self.lead: DateSpot | None = None
        self.lead_span: tuple[int, int] | None = None
        self.lead_level = 9
        self.level = 0
        self.lead_units: Charge | None = None
        self.point: list[int] = []
        # Items whose units a trailer gave.
        self.trailed: set[int] = set()
        self.retrospective = False
        self.block = Block([], "")
        self.sentences: list[Sentence] = []

    def read(self) -> list[Commitment]:
        """Every commitment, unresolved, in the text's order."""
        blocks = layout(self.folded)
        if blocks and not blocks[0].heading and len(blocks[0].words) < 60 and not _TERMINAL.search(blocks[0].words):
            self.section.zone = "opening"
            del blocks[0]
        for n, block in enumerate(blocks):
            if block.heading:
                self._heading(block, blocks[n + 1] if n + 1 < len(blocks) else None)
            else:
                self._paragraph(block)
        return sorted(self.found, key=lambda c: (c.start, c.end))

    def _heading(self, block: Block, following: Block | None) -> None:
        assert block.heading
        level, words = block.heading
        self.level = level
        if level <= self.lead_level:
            self.lead, self.lead_units, self.lead_level = None, None, 9
        self.point = []
        title = re.sub(r"^[（(]?[一二三四五六七八九十\d]+[）)、.．]*|（[^（）]{1,8}）$|[：:]$", "", words)
        names = names_at(title, 0, self.own) if len(title) < 30 else None
        if names and names.end == len(title) and names.sort != FIELD and not re.search(r"[怎干办做]么?$", title):
            self.section.enter(level, words)
            self.lead_units, self.lead_level = Charge(responsible=[*names.names]), level
        elif level and (_TAIL.search(words) or self._stands_alone(following, level)):
            self._paragraph(block)
        else:
            self.section.enter(level, words)
            if level and _HARD.search(words[2:]):
                self._paragraph(block)

    @staticmethod
    def _stands_alone(following: Block | None, level: int) -> bool:
        """Whether a numbered line is a point of its own, with no text below that spells it out."""
        if following is None:
            return True
        below = following.heading
        return trailers.START.match(following.words) is not None or (below is not None and below[0] <= level)

    def _paragraph(self, block: Block) -> None:
        words = block.words
        self.section.read(words.strip())
        self.block = block
        lean = block.back + _LEAN[self.section.zone] + (_LOOKING_BACK if self.section.back else 0.0)
        self.retrospective = lean > 0
        if _CAPTION.fullmatch(words.strip()):
            return
        scope = Scope()
        first = len(self.found)
        if re.match(r"[>\s]*(?:\d{1,2}[.．、]|（[一二三四五六七八九十\d]+）|[一二三四五六七八九十]+、)", words):
            self.point = []
        self.sentences = self._sentences(block.lines)
        sentences = self.sentences
        for n, sentence in enumerate(sentences):
            words_ = sentence.view.text.strip()
            if (
                n == 0
                and len(sentences) > 1
                and len(words_) < 26
                and _INLINE_HEADING.match(words_)
                and not _HARD.search(words_)
            ):
                if heading := heading_of(words_):
                    self.section.enter(*heading)
                continue
            if said := trailers.sentence(words_):
                self._trailer([], said, range(first, len(self.found)) or self.point)
                continue
            self._sentence(sentence, scope)
        self.point += range(first, len(self.found))
        if "：" in words or "）" in words or "】" in words:
            self._trailer(block.lines, trailers.find(words), self.point)

    def _sentences(self, lines: list[tuple[int, int]]) -> list[Sentence]:
        found: list[list[tuple[int, int]]] = []
        open_end = False
        for a, b in lines:
            for x, y in segments(self.text[a : b + 1]):
                span = (a + x, a + y)
                if open_end and found:
                    found[-1].append(span)
                else:
                    found.append([span])
                open_end = not _TERMINAL.search(self.folded[slice(*span)])
        return [Sentence(n, s, join(self.folded, s)) for n, s in enumerate(found)]

    # ---- one sentence -------------------------------------------------------------------------------

    def _sentence(self, sentence: Sentence, scope: Scope) -> None:
        text = sentence.view.text
        if self.section.zone == "news" and _REPORTED.search(text):
            self.section.zone = "plan"
        stripped = text.rstrip("。！？; ")
        if not 5 <= len(stripped) <= _LONGEST:
            return
        if not _WORTH.search(text) or trailers.START.match(text):
            return
        if m := _TAIL.search(stripped):
            stripped = stripped[: m.start()]
            if len(stripped) < 4:
                return
        clauses = dissect(stripped, self.own)
        if stripped.endswith("：") and self._lead_in(clauses, stripped, sentence):
            return
        if text.rstrip().endswith("？"):
            return
        drafts = self._drafts(clauses, stripped, scope, sentence)
        for draft in drafts:
            self._emit(draft, sentence)
        if scope.open or not stripped.endswith("；") or any(c.deadlines for c in clauses):
            scope.deadline = self._carry(scope, sentence)

    def _lead_in(self, clauses: list[Clause], text: str, sentence: Sentence) -> bool:
        """下半年，着重抓好以下项目： governs what follows, up to the next heading of its level."""
        if not re.search(r"以下|如下|任务|目标|项目|重点|抓好|做好|做到|完成|是：|要：|负责：", text[-20:]):
            return False
        charged = [c.charge for c in clauses if c.charge]
        if charged:
            self.lead_units = charged[-1]
            self.lead_level = self.section.headings[-1][0] if self.section.headings else 0
        spots = [d for c in clauses for d in c.deadlines if usable(d, text)]
        if spots and not re.search(r"工作(?:要点|报告|回顾)", text):
            self.lead = spots[-1]
            self.lead_span = sentence.view.where(*spots[-1][:2])
            self.lead_level = self.section.headings[-1][0] if self.section.headings else 0
        return True

    def _drafts(self, clauses: list[Clause], text: str, scope: Scope, sentence: Sentence) -> list[Draft]:
        drafts: list[Draft] = []
        pending: int | None = None
        topic: list[TargetSpot] = []
        run: Draft | None = None
        date: DateSpot | None = None
        carried = scope.deadline
        fresh = broken = False
        scope.addressed = self._addressed(clauses, text) or scope.addressed
        if not (scope.joined or _GOES_ON.match(text)):
            scope.charge = Charge()
        for clause in clauses:
            fresh = fresh or bool(clause.charge)
            place = Place(self.section, self.block, self.sentences, sentence, text, clause is clauses[0])
            kind, why = self._kind(clause, text, place)
            clause.past = kind == "past" and (judge.is_past(clause.text) or bool(judge.BACKGROUND.match(clause.text)))
            if kind == "past":
                pending = None
                run = None
                topic = []
                broken = True
                continue
            dates = [d for d in clause.deadlines if usable(d, text)]
            limits = [t for d in dates if (t := case_limit(d, text))]
            dates = [d for d in dates if not case_limit(d, text)]
            if kind in ("hard", "named"):
                last = drafts[-1] if drafts and not broken else None
                if last and last.kind != "manner" and self._together(last, clause, kind):
                    self._go_on(last, clause, dates, limits)
                    run, pending, topic = None, None, []
                    date = dates[-1] if dates else date
                    continue
                if run and run.kind == "manner":
                    start = run.start
                    drafts.remove(run)
                else:
                    start = pending if pending is not None else clause.start
                run = None
                draft = Draft(start, clause.end, clause.start, kind, [clause], reasons=[why])
                if dates:
                    date = dates[-1]
                draft.deadline = date if (dates or clause.targets) else None
                if clause.recurrences and not dates:
                    draft.deadline = None
                elif clause.targets and not date:
                    draft.carried = carried
                draft.targets = clause.targets + limits
                if topic and all(t[2] == "==" or t[3] == 1 for t in draft.targets):
                    draft.targets = topic + draft.targets
                topic = []
                recs = clause.recurrences
                if recs:
                    draft.recurrence = recs[0]
                drafts.append(draft)
                broken = False
                pending = None
            elif kind in ("assigned", "manner"):
                last = drafts[-1] if drafts and not broken else None
                if kind == "assigned" and last and last.kind != "manner" and self._together(last, clause, kind):
                    self._go_on(last, clause, dates, limits)
                    continue
                broken = False
                run = Draft(
                    pending if pending is not None and not fresh else clause.start,
                    clause.end,
                    clause.start,
                    kind,
                    [clause],
                    reasons=[why],
                )
                drafts.append(run)
                run.kind = kind
                pending = None
            else:
                topic = topic or clause.targets
                if run:
                    run.end = clause.end
                    if run.kind == "manner" and judge.concrete(clause.text):
                        likely = self._likely(run.clauses[0], "assigned", "unit", place)
                        run.clauses[0].likely = likely
                        run.kind = "assigned" if likely >= _enough(place.section.zone) else "manner"
                elif pending is None:
                    pending = clause.start
        drafts = [d for d in drafts if d.kind != "manner"]
        lead = scope.addressed or self.lead_units
        scope.charge = charging.hand_out(drafts, clauses, scope.charge, lead)
        scope.joined = text.endswith("；")
        scope.open = date if date and text.endswith("；") and _PERIOD.fullmatch(date[2]) else None
        return drafts

    def _addressed(self, clauses: list[Clause], text: str) -> Charge | None:
        """市教育局：3月底前… charges what follows the colon, to the end of the paragraph."""
        first = clauses[0] if clauses else None
        if first and len(clauses) > 1 and text[first.end : first.end + 1] == "：":
            bare = _ORDER.sub("", first.text)
            party = party_at(bare, 0, self.own)
            if party and _TO_DO.fullmatch(bare, party.end):
                units = [*party.units.names] if party.units else []
                first.charge = Charge(units, [], party.people, 0, len(first.text), "unit")
                return first.charge
        return None

    def _together(self, last: Draft, clause: Clause, kind: str) -> bool:
        return together(last.clauses[-1], last.kind, clause, kind)

    @staticmethod
    def _go_on(last: Draft, clause: Clause, dates: list[DateSpot], limits: list[TargetSpot]) -> None:
        """The clause is part of the item before it, and brings what it holds."""
        last.end = clause.end
        last.clauses.append(clause)
        last.targets = last.targets + clause.targets + limits
        if dates:
            last.deadline, last.carried = dates[-1], None
        last.recurrence = last.recurrence or (clause.recurrences[0] if clause.recurrences else None)
        if last.kind == "assigned":
            last.kind = "hard" if dates or clause.targets or clause.recurrences else last.kind

    def _kind(self, clause: Clause, text: str, place: Place) -> tuple[str, str]:
        """What a clause is to the item: hard, named, assigned, manner, plain; or past, which breaks it off."""
        kind, why = self._content(clause, text)
        if kind not in ("plain", "manner"):
            clause.likely = self._likely(clause, kind, why, place)
            if why == "deadline" and judge.FORECAST.search(clause.text) and not judge.is_past(clause.text):
                clause.likely = max(clause.likely, 0.6)
            if clause.likely >= _enough(place.section.zone):
                return kind, why
            if why != "number" or not judge.describes(clause.text):
                return "past", ""
            kind, why = "plain", ""
        words = clause.text
        if self.retrospective or judge.is_past(words) or judge.BACKGROUND.match(words) or "?" in words:
            return "past", ""
        return kind, why

    def _likely(self, clause: Clause, kind: str, why: str, place: Place) -> float:
        return probability(clause, kind, why, place)

    @staticmethod
    def _content(clause: Clause, text: str) -> tuple[str, str]:
        words = clause.text
        if any(usable(d, text) for d in clause.deadlines):
            return "hard", "deadline"
        if clause.recurrences:
            return "hard", "recurrence"
        if clause.targets:
            return "hard", "number"
        if state := judge.named(words):
            return "named", state
        if clause.charge and (clause.charge.responsible or clause.charge.people):
            predicate = words[: clause.charge.start] + words[clause.charge.end :]
            return ("assigned", "unit") if judge.concrete(predicate) else ("manner", "")
        return "plain", ""

    # ---- what stands -------------------------------------------------------------------------------

    def _emit(self, draft: Draft, sentence: Sentence) -> None:
        seen = sentence.view
        a, b = seen.where(draft.start, draft.end)
        anchor = seen.where(draft.anchor, draft.anchor + 1)[0]
        span = next((s for s in sentence.spans if s[0] <= anchor < s[1]), sentence.spans[0])
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
        self.found.append(self._commitment(draft, seen, a, b))

    def _carry(self, scope: Scope, sentence: Sentence) -> Deadline | None:
        """The date that still bounds the numbers after a semicolon."""
        if not scope.open:
            return None
        a, b = sentence.view.where(*scope.open[:2])
        return Deadline(self.text[a:b], None, True, a, b, scope.open[2], scope.open[3])

    def _commitment(self, draft: Draft, seen: View, a: int, b: int) -> Commitment:
        deadline = None
        if draft.deadline:
            x, y = seen.where(*draft.deadline[:2])
            deadline = Deadline(self.text[x:y], None, False, x, y, draft.deadline[2], draft.deadline[3])
        elif draft.carried:
            deadline = draft.carried
        elif self.lead and self.lead_span and not draft.recurrence:
            x, y = self.lead_span
            deadline = Deadline(self.text[x:y], None, True, x, y, self.lead[2], self.lead[3])
        recurrence = None
        if draft.recurrence:
            x, y = seen.where(*draft.recurrence[:2])
            recurrence = Recurrence(self.text[x:y], draft.recurrence[2], x, y)
        numbers = []
        for t in draft.targets:
            x, y = seen.where(t[0], t[1])
            numbers.append(Target(self.text[x:y], t[2], t[3], t[4], x, y, t[5], metric(seen.text, t[0], t[1])))
        tier: Tier = (
            "hard"
            if deadline or recurrence or numbers
            else "assigned"
            if draft.responsible or draft.people
            else "named"
        )
        return Commitment(
            tier=tier,
            deadline=deadline,
            recurrence=recurrence,
            targets=tuple(numbers),
            responsible=self._spelled(draft.responsible),
            supporting=self._spelled(draft.supporting),
            people=self._spelled(draft.people),
            start=a,
            end=b,
            quote=self.text[a:b],
            heading=self.section.titles(),
            confidence=round(max(c.likely for c in draft.clauses), 3),
            reasons=tuple(r for r in draft.reasons if r),
        )

    def _spelled(self, names: list[str]) -> tuple[str, ...]:
        return as_written(names, self.text, self.folded)

    def _trailer(self, lines: list[tuple[int, int]], trailer: trailers.Trailer, point: Iterable[int]) -> None:
        """A trailer charges the items of its paragraph, or of the numbered point that it closes."""
        if not trailer:
            return
        deadline = None
        if trailer.when and len(lines) == 1:
            x, y, symbol, flags = trailer.when
            x, y = x + lines[0][0], y + lines[0][0]
            deadline = Deadline(self.text[x:y], None, True, x, y, symbol, flags)
        if not point and (trailer.responsible or trailer.people):
            # It stands above what it charges: in a heading, or on the first line of a point.
            self.lead_units = Charge(trailer.responsible, trailer.supporting, trailer.people)
            self.lead_level = self.level
        for n in point:
            item = self.found[n]
            if n in self.trailed or not (item.responsible or item.people):
                self.trailed.add(n)
                item = replace(
                    item,
                    responsible=item.responsible or self._spelled(trailer.responsible),
                    people=item.people or self._spelled(trailer.people),
                )
            if trailer.supporting and not item.supporting:
                item = replace(item, supporting=self._spelled(trailer.supporting))
            if deadline and not item.deadline and not item.recurrence:
                item = replace(item, deadline=deadline, tier="hard")
            if item.tier == "named" and (item.responsible or item.people):
                item = replace(item, tier="assigned")
            self.found[n] = item


def extract(text: str, *, delivered_on: date | None, lexicon: Lexicon | None = None) -> list[Commitment]:
    """Every commitment in the text, in its order. Offsets are characters of `text`; text[start:end] == quote.

    With `delivered_on=None` deadlines keep their symbol and have no `last_day`; `resolve` fills it in later.
    """
    found = Reader(text, lexicon).read()
    return [resolve(c, delivered_on=delivered_on, lexicon=lexicon) for c in found]
