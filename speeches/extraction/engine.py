"""The extractor: text in, commitments out."""

import re
from dataclasses import replace
from datetime import date

from speeches.extraction import judge, outlook, trailers
from speeches.extraction.clauses import Clause, dissect
from speeches.extraction.deadlines import Spot as DateSpot
from speeches.extraction.drafts import Draft, Scope, Sentence, case_limit, join, usable
from speeches.extraction.model import Commitment, Deadline, Lexicon, Recurrence, Target, Tier
from speeches.extraction.structure import Section, heading_of
from speeches.extraction.targets import Spot as TargetSpot
from speeches.extraction.text import View, fold, segments
from speeches.extraction.units import Charge, names_at, own_names
from speeches.extraction.values import resolve
from speeches.extraction.weigh import Place, features, probability

_WORTH = re.compile(
    r"[\d一二两三四五六七八九十百半每逐按月旬日底前内年季周]|[局委办部门位组室会镇乡区县街企]|建立|构建|制定|出台|编|启动|开工|建成|完成|办好|举办|纳入|列入|成立|设立|实行|请|由"
)
# How far the place of a paragraph leans it backward, in the units of `outlook.backward`.
_LEAN = {"past": 1.2, "opening": 0.4, "news": 0.4, "open": 0.0, "plan": -1.0}
_LOOKING_BACK = 0.8
# A report that names the day on which something will be done: 预计年底竣工, 8月底可试机运行.
_FORECAST = re.compile(
    r"(?:(?:\d|[一二三四五六七八九十])(?:月|日|月份)?[底末]?|[上中下]旬|年[底内末])前?(?:将|可|可望|有望|预计|能|就能|即将)(?:[全正]|试|竣|投|通|建|开|完|交|动工|并网|封顶|验收|启|运)"
    r"|(?:预计|可望|有望|计划)(?:于|在|到|明年|今年|20\d\d年)?[^，]{0,8}(?:[月日旬底末季]|年内)前?(?:全面|正式|全部|可)?(?:开工|竣工|投产|通车|建成|完工|动工|投用|完成|启用|运行|投入)"
)
# A stretch this long without a stop is no sentence; reading on would only make odd input slow.
_LONGEST = 2000
# Dates that bound a whole year's work, and go on bounding it after a semicolon.
_PERIOD = re.compile(r"Y\+\d|\d{4}|(?:\d{4}|XXXX|Y\+\d)-H\d|P\d+Y|\d{4}/\d{4}")
# From which likelihood on a clause counts. Text without a heading or a lead-in that says where it looks has
# to show more.
_ENOUGH = {"open": 0.5}
_ENOUGH_ELSE = 0.35


_TERMINAL = re.compile(r"[。！？；;：:!?…”\"」）)]\s*$")
_INDENT = re.compile(r"[ \t]{2,}|\u3000|[>●◆■☆*]")
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
    r"[（(—]*(?:20|19|二[〇零]|20[xX×])[^。；，]{2,24}[)）]?|[^。；！？]{0,40}(?:讲话|报告|纪要|通知|致辞|发言|方案|意见|要点|简报|通报|摘要|节选)(?:稿?[一二三四五六七八九十\d]*)?(?:（[^）]*）)?|(?:时间|地点|主持|记录|出席|参加(?:单位|人员)?|列席|主持人|讲话人|来源|作者|【[^】]*】?)[：:].*|[^。；！？，]{0,36}[\s　][×一-龥]{1,2}[\s　]?[×一-龥]{1,2}|.{0,36}\s(?:20|二〇)[^。；，]{6,14}"
)


def as_written(names: list[str]) -> tuple[str, ...]:
    """Each name once, with the quotation marks that folding had made plain."""
    return tuple(dict.fromkeys(re.sub(r'"([^"]*)"', "“\\1”", name) for name in names))


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
        self.retrospective = False
        self.backward = 0.0

    def read(self) -> list[Commitment]:
        """Every commitment, unresolved, in the text's order."""
        at = 0
        lines: list[tuple[int, int]] = []
        for line in self.folded.split("\n"):
            lines.append((at, at + len(line)))
            at += len(line) + 1
        n = 0
        first = True
        while n < len(lines):
            start, end = lines[n]
            n += 1
            if not self.folded[start:end].strip():
                continue
            if first:
                first = False
                if (
                    heading_of(self.folded[start:end]) is None
                    and not _TERMINAL.search(self.folded[start:end])
                    and end - start < 60
                ):
                    self.section.zone = "opening"
                    continue
            heading = heading_of(self.folded[start:end])
            if heading:
                self.level = heading[0]
                if heading[0] <= self.lead_level:
                    self.lead, self.lead_units, self.lead_level = None, None, 9
                self.point = []
                title = re.sub(r"^[（(]?[一二三四五六七八九十\d]+[）)、.．]*", "", heading[1])
                names = names_at(title, 0, self.own) if len(title) < 30 else None
                if names and names.end == len(title) and names.solid and not re.search(r"[怎干办做]么?$", title):
                    self.section.enter(*heading)
                    self.lead_units, self.lead_level = Charge(responsible=names.names), heading[0]
                elif heading[0] and (_TAIL.search(heading[1]) or self._stands_alone(lines, n, heading[0])):
                    self._paragraph([(start, end)])
                else:
                    self.section.enter(*heading)
                    if heading[0] and _HARD.search(heading[1][2:]):
                        self._paragraph([(start, end)])
                continue
            block = [(start, end)]
            while n < len(lines) and self._broken(block[-1], lines[n]):
                block.append(lines[n])
                n += 1
            self._paragraph(block)
        return sorted(self.found, key=lambda c: (c.start, c.end))

    def _stands_alone(self, lines: list[tuple[int, int]], n: int, level: int) -> bool:
        """Whether a numbered line is a point of its own, with no text below that spells it out."""
        while n < len(lines) and not self.folded[slice(*lines[n])].strip():
            n += 1
        if n == len(lines):
            return True
        following = self.folded[slice(*lines[n])]
        below = heading_of(following)
        return trailers.START.match(following) is not None or (below is not None and below[0] <= level)

    def _broken(self, line: tuple[int, int], following: tuple[int, int]) -> bool:
        words, nxt = self.folded[slice(*line)].rstrip(), self.folded[slice(*following)]
        if len(words) < 20 or not nxt.strip() or _TERMINAL.search(words) or _INDENT.match(nxt):
            return False
        return heading_of(nxt) is None and not re.match(
            r"[>\s]*(?:[一二三四五六七八九十]+、|（[一二三四五六七八九十\d]+）|\d+[.．、])", nxt
        )

    def _paragraph(self, block: list[tuple[int, int]]) -> None:
        words = "".join(self.folded[a:b] for a, b in block)
        self.section.read(words.strip())
        back = outlook.backward(words)
        self.backward = back
        self.retrospective = back + _LEAN[self.section.zone] + (_LOOKING_BACK if self.section.back else 0.0) > 0
        if _CAPTION.fullmatch(words.strip()):
            return
        scope = Scope()
        first = len(self.found)
        if re.match(r"[>\s]*(?:\d{1,2}[.．、]|（[一二三四五六七八九十\d]+）|[一二三四五六七八九十]+、)", words):
            self.point = []
        sentences = self._sentences(block)
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
            self._sentence(sentence, scope)
            scope.first = False
        self.point += range(first, len(self.found))
        if "：" in words or "）" in words:
            self._trailer(block, words)

    def _sentences(self, block: list[tuple[int, int]]) -> list[Sentence]:
        found: list[list[tuple[int, int]]] = []
        open_end = False
        for a, b in block:
            for x, y in segments(self.text[a : b + 1]):
                span = (a + x, a + y)
                if open_end and found:
                    found[-1].append(span)
                else:
                    found.append([span])
                open_end = not _TERMINAL.search(self.folded[slice(*span)])
        return [Sentence(s, join(self.folded, s), False) for s in found]

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
        drafts = self._drafts(clauses, stripped, scope)
        for draft in drafts:
            self._emit(draft, sentence)
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

    def _drafts(self, clauses: list[Clause], text: str, scope: Scope) -> list[Draft]:
        drafts: list[Draft] = []
        pending: int | None = None
        topic: list[TargetSpot] = []
        run: Draft | None = None
        date: DateSpot | None = None
        carried = scope.deadline
        subject, people, helpers = list(scope.subject), list(scope.people), list(scope.supporting)
        fresh = False
        scope.addressed = self._addressed(clauses, text) or scope.addressed
        for clause in clauses:
            if clause.charge:
                if clause.charge.responsible or clause.charge.people:
                    subject, people = clause.charge.responsible, clause.charge.people
                    helpers = clause.charge.supporting
                else:
                    helpers = clause.charge.supporting
                fresh = True
            place = Place(self.section.zone, self.backward, text, self.section.back, clause is clauses[0], scope.first)
            kind, why = self._kind(clause, text, place)
            if clause.charge.supporting and not clause.charge.responsible and drafts:
                drafts[-1].supporting = list(dict.fromkeys([*drafts[-1].supporting, *clause.charge.supporting]))
            if kind == "past":
                pending = None
                run = None
                topic = []
                continue
            dates = [d for d in clause.deadlines if usable(d, text)]
            limits = [t for d in dates if (t := case_limit(d, text))]
            dates = [d for d in dates if not case_limit(d, text)]
            if kind in ("hard", "named"):
                start = run.start if run else pending if pending is not None else clause.start
                if drafts and self._continues(drafts[-1], clause, dates):
                    last = drafts[-1]
                    last.end, last.targets = clause.end, last.targets + clause.targets + limits
                    pending = None
                    continue
                draft = Draft(start, clause.end, clause.start, kind, [clause], reasons=[why])
                if run:
                    drafts.remove(run)
                    run = None
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
                draft.responsible, draft.people, draft.supporting = subject, people, helpers
                recs = clause.recurrences
                if recs:
                    draft.recurrence = recs[0]
                drafts.append(draft)
                pending = None
            elif kind in ("assigned", "manner"):
                run = Draft(
                    pending if pending is not None and not fresh else clause.start,
                    clause.end,
                    clause.start,
                    kind,
                    [clause],
                    reasons=[why],
                )
                run.responsible, run.people, run.supporting = subject, people, helpers
                drafts.append(run)
                run.kind = kind
                pending = None
            else:
                topic = topic or clause.targets
                if run:
                    run.end = clause.end
                    if run.kind == "manner" and judge.concrete(clause.text):
                        run.kind = "assigned"
                elif pending is None:
                    pending = clause.start
        drafts = [d for d in drafts if d.kind != "manner"]
        if self.lead_units:
            for draft in drafts:
                if not draft.responsible and not draft.people:
                    draft.responsible, draft.people = self.lead_units.responsible, self.lead_units.people
                    draft.supporting = draft.supporting or self.lead_units.supporting
        for draft in drafts:
            for c in clauses:
                if c.charge and draft.start <= c.start < draft.end:
                    if not draft.responsible and not draft.people:
                        draft.responsible, draft.people = c.charge.responsible, c.charge.people
                    if c.charge.supporting and not draft.supporting:
                        draft.supporting = c.charge.supporting
        scope.subject, scope.people, scope.supporting = (
            (subject, people, helpers) if text.endswith("；") or scope.addressed else ([], [], [])
        )
        scope.open = date if date and text.endswith("；") and _PERIOD.fullmatch(date[2]) else None
        return drafts

    def _addressed(self, clauses: list[Clause], text: str) -> bool:
        """市教育局：3月底前… charges what follows the colon."""
        first = clauses[0] if clauses else None
        if first and not first.charge and text[first.end : first.end + 1] == "：" and len(clauses) > 1:
            bare = re.sub(r"^[一二三四五六七八九十\d（）、.．]+", "", first.text)
            names = names_at(bare, 0, self.own)
            if names and names.end == len(bare):
                first.charge.responsible = names.names
                first.charge.end = len(first.text)
                return True
        return False

    @staticmethod
    def _continues(last: Draft, clause: Clause, dates: list[DateSpot]) -> bool:
        return clause.text.startswith("其中") and not dates and not clause.recurrences and bool(last.targets)

    def _kind(self, clause: Clause, text: str, place: Place) -> tuple[str, str]:
        """What a clause is to the item: hard, named, assigned, manner, plain; or past, which breaks it off."""
        kind, why = self._content(clause, text)
        if kind in ("plain", "manner"):
            words = clause.text
            if self.retrospective or judge.is_past(words) or judge.BACKGROUND.match(words) or "?" in words:
                return "past", ""
            return kind, why
        clause.likely = self._likely(clause, kind, why, place)
        if why == "deadline" and _FORECAST.search(clause.text) and not judge.is_past(clause.text):
            clause.likely = max(clause.likely, 0.6)
        return (kind, why) if clause.likely >= _ENOUGH.get(place.zone, _ENOUGH_ELSE) else ("past", "")

    def _likely(self, clause: Clause, kind: str, why: str, place: Place) -> float:
        return probability(features(clause, kind, why, place))

    @staticmethod
    def _content(clause: Clause, text: str) -> tuple[str, str]:
        words = clause.text
        if any(usable(d, text) for d in clause.deadlines):
            return "hard", "deadline"
        if clause.recurrences:
            return "hard", "recurrence"
        if clause.targets and not judge.describes(words):
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
            numbers.append(Target(self.text[x:y], t[2], t[3], t[4], x, y, t[5]))
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
            responsible=as_written(draft.responsible),
            supporting=as_written(draft.supporting),
            people=as_written(draft.people),
            start=a,
            end=b,
            quote=self.text[a:b],
            heading=self.section.titles(),
            confidence=round(max(c.likely for c in draft.clauses), 3),
            reasons=tuple(r for r in draft.reasons if r),
        )

    def _trailer(self, block: list[tuple[int, int]], words: str) -> None:
        """A trailer charges the items of its paragraph, or of the numbered point that it closes."""
        trailer = trailers.find(words)
        if not trailer:
            return
        deadline = None
        if trailer.when and len(block) == 1:
            x, y, symbol, flags = trailer.when
            x, y = x + block[0][0], y + block[0][0]
            deadline = Deadline(self.text[x:y], None, True, x, y, symbol, flags)
        if not self.point and (trailer.responsible or trailer.people):
            # It stands above what it charges: in a heading, or on the first line of a point.
            self.lead_units = Charge(trailer.responsible, trailer.supporting, trailer.people)
            self.lead_level = self.level
        for n in self.point:
            item = self.found[n]
            if not item.responsible and not item.people:
                item = replace(
                    item, responsible=tuple(dict.fromkeys(trailer.responsible)), people=tuple(trailer.people)
                )
            if trailer.supporting and not item.supporting:
                item = replace(item, supporting=tuple(dict.fromkeys(trailer.supporting)))
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
