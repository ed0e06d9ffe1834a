"""Targets: numbers with a unit that an action can be measured by.

`find_in_view` knows what a number is by itself: ordinals, names, road numbers, sizes that only describe the
object (2000万元以上的项目), and the figure from which one starts (由38%提高到70%) are none.
"""

import re

from speeches.extraction.model import Op, Target
from speeches.extraction.numerals import to_number
from speeches.extraction.text import fold, segments, view

# Longest first wherever one begins another.
UNITS = sorted(
    """
    平方公里 平方千米 平方米 立方米 公顷 公里 千米 厘米 毫米 公分 海里 里地 米 亩
    千瓦时 千瓦 兆瓦 吉瓦 吨标准煤 标准煤 公斤 千克 毫克 微克 斤 吨 担 箱 升 克
    个百分点 百分点 ‰ % 倍 成 折
    人次 家次 户次 批次 车次 班次 架次 辆次 艘次 标箱 人天 人年
    个工作日 工作日 个月 学时 课时 小时 分钟 天 日 周 年
    美元 欧元 港元 港币 日元 元 块钱 块
    条 个 家 所 座 名 人 位 项 件 套 户 栋 幢 宗 处 部 辆 台 张 间 口 支 批 场 次 起 只 头 羽 株 棵 艘 架 班 类 种 份 篇
    本 册 页 封 门 轮 遍 趟 回 片 眼 孔 盏 根 对 道 段 期 样 例 单 枚 颗 盆 筐 尾 匹 组 队 站 方 村 县 乡镇 床 幅 首 集
    分贝 兆 千伏安 立方 尾 平米 平方 吨位 厘 度电 车位 泊位 户籍 榻 眼 桩 杆 环 届次 分
    """.split(),
    key=len,
    reverse=True,
)
_UNIT = "|".join(re.escape(u) for u in dict.fromkeys(UNITS))
_MONEY = {"元", "美元", "欧元", "港元", "港币", "日元", "块钱", "块"}
# Units that, said of an object, tell its size: 2000万元以上的项目, 56人以上的班额.
_SIZES = _MONEY | {
    "人",
    "亩",
    "米",
    "平方米",
    "吨",
    "千瓦",
    "张",
    "公里",
    "年",
    "岁",
    "斤",
    "桌",
    "天",
    "个月",
    "小时",
    "兆瓦",
    "平方公里",
    "立方米",
    "头",
    "里地",
}
_HAN = r"[一二两三四五六七八九十][零〇一二两三四五六七八九十百千万亿]{0,9}"
_ARABIC = r"\d{1,12}(?:,\d{3}){0,4}(?:\.\d{1,6})?"
_SCALE = r"[百千万亿]{0,3}"
_NUMBER = rf"(?:{_ARABIC}{_SCALE}|{_HAN})"
_OP = (
    r"(?P<op>不(?:得|能|应|要)?(?:少于|低于|小于)|至少|最少|不下于|不(?:得|能|应)?(?:超过|高于|多于|大于|突破)|最多|至多|最高|控制在|压[减缩降]?到|"
    r"压减至|降[低]?[到至]|降为|只准|只许|只要|限于|以上的?目标)?(?P<mid>[一-龥]{0,5}?)"
)
_TAIL = r"(?P<tail>以上|以下|以内|之内|以里|左右|上下|内|以外)?"
# Longer than any number that is meant: skipped at once, so that no input makes the search slow.
_RUN = r"[\d零〇一二两三四五六七八九十百千万亿]{24}"
_VALUE = re.compile(
    rf"(?<![\dA-Za-z.第+×*/])(?!{_RUN})(?P<low>{_NUMBER})(?P<mark>[%‰])?(?:(?P<to>——|—|-|至|到|～)(?P<high>{_NUMBER}))?"
    rf"(?P<more>多|余|来|几)?(?P<unit>{_UNIT}){_TAIL}"
)
_BARE_MONEY = re.compile(
    rf"(?<![\dA-Za-z.第])(?P<low>{_ARABIC}[百千]?[万亿]|{_HAN[:-1]}?[万亿])(?=[，,。；;、！）\s]|$|以上|左右|以内)"
)
_MONEY_WORDS = re.compile(r"[钱奖补投资融贷费税债款元]|认领|收入|拨付|到账|兑现|筹")
_FRACTION = re.compile(
    r"(?P<den>[一二三四五六七八九十百千万两\d]{1,6})分之(?P<num>[零〇一二两三四五六七八九十百千\d.]{1,8})"
)
_WORDS = re.compile(
    r"(?P<double>翻(?P<n>[一两二三])?番)|(?P<half>(?:过|达?到?一|提高一|压缩一|不低于一|超过一|降低一|减少一|超一|有一|账一|完成一|不少于一)半)(?!径|岛|年|月|成|夜|天|个)"
    r"|(?P<zero>(?:动态|基本|全部|全面|阶段性|限时)?清零|(?:为|零)零(?=[，。；、]|$)|(?<=[事故伤亡案件])为零|零(?:死亡|伤亡|事故|新增|发生|增长|容忍|上访|投诉|差错|非访)|一[家户个例]不留|只减不增"
    r"|不[欠差漏]一(?P<zu>分钱|公里|户|头|家|人|个|起|例|件|天)|一(?P<zv>公里|分钱|亩|头|户|个|家|人)都?不(?:给|欠|差|漏|留|放))"
)
_SAME_DAY = re.compile(r"当天(?=就|要|必须|内|完成|办|报|补|落实|处置|处理)(?!就?要?当天)")
_RATIO = re.compile(r"(?<=到|在|为)(?P<low>\d{1,9}\.\d{1,6})(?P<tail>以内|以下|以上)")
_SIZE_AFTER = re.compile(r"(?:以上|以下|以内|之内|内|左右|多|级)?的|级|型|规模")
_SIZE_NOUN = re.compile(r"(?:以上|以下|级)(?:[一-龥])")
_TOWARDS = re.compile(
    r"(?:左右|的基础上)?[一-龥]{0,2}?(?:提高|提升|提|增加|增长|增至|扩大|扩|发展|降低|下降|降|压减|压缩|减少|减|压|上升|升|调整|调|变|翻)[到至为]"
)
_FROM = re.compile(
    r"(?:从|由|比|较|自|[现目]?[在前]的?|达到的)(?:[现目][在前]的?|20\d\d年的?|去年的?|上年的?|[一-龥]{0,4}的)?$"
)
# 一 counts only as a quota or a bound: 每条路一名领导, 至少一所, 只准开膛一次, 各领办一件.
_QUOTA = re.compile(r"(?:每[^，。；每]{0,24}|各[一-龥]{0,4}|[一人户]人[包联帮挂管带])$")
_BOUND = re.compile(r"(?:至少|最少|不少于|不得少于|不低于|不得低于|最多|只准|只许)[一-龥]{0,8}$")
_TIMES = {"次", "回", "遍", "轮", "趟", "期", "场", "天", "周", "年", "个月", "日", "小时", "户"}
_ENUMERATION = re.compile(r"[、和][^，。；、]{1,12}$")
_PAST = re.compile(r"(?:了|(?<![超突要])过|已[经]?[一-龥]{0,6}|目前[一-龥]{0,8}|现有|[还只]有|是[一-龥]{0,4}的)$")
_POINTED = re.compile(r"(?:[这那]|末|靠后的?)$")
_CONDITION = re.compile(r"(?:达?不到|低于|高于|超过|不足|未达|达到|[满过超])$")
_ORDINAL_UNITS = {
    "期",
    "类",
    "级",
    "班",
    "组",
    "队",
    "轮",
    "批",
    "届",
    "场",
    "部",
    "门",
    "方",
    "线",
    "站",
    "分",
    "本",
    "度",
    "度电",
    "单",
    "位",
    "环",
    "回",
    "道",
}
_NAMES_AFTER = re.compile(
    r"(?:级|型|号|届|世纪|年代|楼|体系|战略|年(?=[^，。；]*(?:纪念|大庆|诞))|值[班守]|在岗|开机|事)"
)
_QUOTED = re.compile(r'"[^"]{1,16}"|《[^》]{1,60}》|（[^）]{0,6}[〔\[][^）]{0,16}）|〔[^〕]{0,16}〕')
_ANY = re.compile(rf"[\d一二两三四五六七八九十半零番]|{'百'}分")


# start, end, operator, value, unit, high
Spot = tuple[int, int, Op, float, str, float | None]


def _number(text: str) -> float | None:
    return to_number(text.rstrip("多余来几"))


def _operator(before: str, tail: str | None, is_range: bool) -> Op:
    if is_range:
        return "in"
    if tail in ("左右", "上下") or re.search(r"(?:约|大约|大概)$", before):
        return "~"
    if tail in ("以下", "以内", "之内", "以里", "内"):
        return "<="
    if re.search(
        r"(?:不(?:得|能|应|准)?(?:超过|高于|多于|大于|突破)|最多[一-龥]{0,3}|至多|最高[一-龥]{0,2}|控制在|压[减缩]?[到至]|降[低]?[到至]|降为|只准[一-龥]{0,4}|只许|只要|限)$",
        before,
    ):
        return "<="
    return ">="


def _scaled(low: str, high: str | None) -> tuple[float | None, float | None]:
    """500—800万 borrows the scale for its first number."""
    if high is None:
        return _number(low), None
    scale = re.search(r"[百千万亿]+$", high)
    if scale and low[-1] not in "百千万亿" and re.fullmatch(r"[\d.,]+", low):
        low += scale.group()
    return _number(low), _number(high)


def _refused(text: str, m: re.Match[str], unit: str) -> bool:
    before, after = text[max(0, m.start() - 12) : m.start()], text[m.end() : m.end() + 8]
    tail_at = m.end("unit")
    rest = text[tail_at : tail_at + 10]
    han = m["low"][0] not in "0123456789"
    if before.endswith(("第", "·", "．")) or (unit in ("年", "日") and not _is_span(text, m)):
        return True
    if han and not m["high"]:
        if m["low"] == "一" and not _quota(text, m, unit):
            return True
        if (unit in _ORDINAL_UNITS and m["low"] != "两") or unit in ("头", "县", "村", "乡镇", "站"):
            return True
        if (unit == "家" and _ENUMERATION.search(before)) or (
            unit == "个" and _ENUMERATION.search(before) and re.match(r"[区县村镇]", rest)
        ):
            return True
        if re.match(rf"{m['low']}{unit}", rest):
            return True
    if (unit in ("个", "名", "位") and _POINTED.search(before)) or before.endswith("每"):
        return True
    if _PAST.search(before) or (re.search(r"连[续着]$", before) and not m["high"]):
        return True
    if rest.startswith("的") and _CONDITION.search(before):
        return True
    if unit == "人" and rest.startswith("的"):
        return False
    if unit in _SIZES and (_SIZE_AFTER.match(rest) or (unit in _MONEY and _SIZE_NOUN.match(rest))):
        return True
    if rest.startswith("级") or (_NAMES_AFTER.match(rest) and not m["tail"] and unit not in ("%", "公里")):
        return True
    if unit == "分" or (unit in ("块",) and re.match(r"[一-龥]", after)):
        return unit == "分" or not re.match(r"[，。；、钱]|$", after)
    return bool((_FROM.search(before) and _TOWARDS.match(rest)) or (_TOWARDS.match(rest) and "到" not in before[-2:]))


def _quota(text: str, m: re.Match[str], unit: str) -> bool:
    before = text[max(0, m.start() - 28) : m.start()]
    if _BOUND.search(before) or (unit in ("年", "倍", "成") and re.search(r"(?:提高|增加)$", before)):
        return True
    return unit not in _TIMES and bool(_QUOTA.search(before))


def _is_span(text: str, m: re.Match[str]) -> bool:
    """A number of years or days that measures, and is no date: 连续3—5年, 提高一年, 三年之内不准."""
    before = text[max(0, m.start() - 4) : m.start()]
    if m["unit"] == "日":
        return bool(m["tail"])
    if m["low"][0] in "0123456789" and len(m["low"]) == 4:
        return False
    if re.match(r"[一-龥]", text[m.end() : m.end() + 1]) and re.search(r"(?:延长|缩短)$", before):
        return False
    return bool(m["high"] or m["tail"] or re.search(r"(?:连续|提高|延长|缩短|提前|不少于|不低于|至少)$", before))


def _candidates(text: str) -> list[Spot]:
    found: list[Spot] = []
    for m in _VALUE.finditer(text):
        unit = m["unit"]
        low, high = _scaled(m["low"], m["high"])
        if low is None or (m["high"] and high is None) or _refused(text, m, unit):
            continue
        if m["high"] and high is not None and high < low:
            high = None
        op = _operator(text[max(0, m.start() - 8) : m.start()], m["tail"], high is not None)
        found.append((m.start(), m.end(), op, low, "元" if unit in ("块", "块钱") else unit, high))
    for m in _FRACTION.finditer(text):
        den, num = _number(m["den"]), _number(m["num"])
        if den and num is not None:
            tail = re.compile(r"以上|以下|以[内內]|左右").match(text, m.end())
            per_mille = m["den"] == "千"
            value = round(num * (1000 if per_mille else 100) / den, 2)
            op = _operator(text[max(0, m.start() - 8) : m.start()], tail.group() if tail else None, False)
            found.append((m.start(), tail.end() if tail else m.end(), op, value, "‰" if per_mille else "%", None))
    for m in _BARE_MONEY.finditer(text):
        value_ = _number(m["low"])
        if value_ and _MONEY_WORDS.search(text[max(0, m.start() - 14) : m.start()]):
            found.append(
                (
                    m.start(),
                    m.end(),
                    _operator(text[max(0, m.start() - 8) : m.start()], None, False),
                    value_,
                    "元",
                    None,
                )
            )
    for m in _SAME_DAY.finditer(text):
        found.append((m.start(), m.start() + 2, "<=", 1.0, "天", None))
    for m in _RATIO.finditer(text):
        found.append((m.start(), m.end(), "<=" if m["tail"] != "以上" else ">=", float(m["low"]), "", None))
    for m in _WORDS.finditer(text):
        if m["double"]:
            times = {"一": 2.0, "两": 4.0, "二": 4.0, "三": 8.0}.get(m["n"] or "一", 2.0)
            found.append((m.start(), m.end(), ">=", times, "倍", None))
        elif m["half"]:
            found.append((m.start(), m.end(), ">=", 50.0, "%", None))
        else:
            zero_unit = m["zu"] or m["zv"] or ""
            found.append((m.start(), m.end(), "==", 0.0, {"分钱": "元", "分": ""}.get(zero_unit, zero_unit), None))
    return found


def spot(text: str) -> list[Spot]:
    """Every target of a stretch of folded text: start, end, operator, value, unit, high."""
    if not _ANY.search(text):
        return []
    quoted = [m.span() for m in _QUOTED.finditer(text)] if '"' in text or "《" in text or "〔" in text else []
    found: list[Spot] = []
    taken = 0
    for each in sorted(_candidates(text), key=lambda s: (s[0], -s[1])):
        if each[0] < taken or any(a <= each[0] < b for a, b in quoted):
            continue
        taken = each[1]
        found.append(each)
    return found


def find_targets(text: str) -> list[Target]:
    """Every number with a unit that an action could be measured by, in the text's order."""
    folded, found = fold(text), []
    for seg in (view(folded, start, end) for start, end in segments(text)):
        for a, b, op, value, unit, high in spot(seg.text):
            start, end = seg.where(a, b)
            found.append(Target(text[start:end], op, value, unit, start, end, high))
    return found
