"""Persons: names with a title, titles alone, 某某同志, and the posts of many (各级河长, 分管领导)."""

import re
from dataclasses import dataclass, field

from speeches.extraction.bodies import LONG_PREDICATES, NOT_A_NAME, VERB
from speeches.extraction.lists import Names, names_at
from speeches.extraction.names import NOTHING, Known, name_at

SURNAMES = (
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏窦章云苏潘葛范彭郎鲁韦马苗凤花方俞任袁柳鲍史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬安乐于时傅皮卞齐康伍余"
    "顾孟平黄穆萧尹姚邵汪祁毛狄米贝明成戴谈宋庞熊纪舒屈项祝董梁杜阮蓝闵席季麻强贾路江童颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍虞万柯管卢莫房裘缪解应丁宣邓洪包诸左石崔吉龚程邢裴陆荣翁"
    "甄曲封储靳段焦巴牧谷侯全秋宫宁仇栾甘厉武符刘景詹龙叶司黎白怀蒲赖卓蔺屠蒙池乔阴苍闻翟谭贡姬申冉桑桂牛边燕冀温庄晏柴瞿阎慕连习艾容向古易廖庾耿满匡国文寇广欧利师聂晁敖冷辛简饶"
    "曾关查荆游权盖桓岳帅闫肖付尚占敬展来雒代邸苟茹仝原佟商佘母宾谌揭斯练但佀芦候逯芮楚粟仉昝逄但修隋仲农覃占漆尧兰伊"
)
# Surnames that are also words with which a predicate begins: no name is read after a title from them alone.
_WORDS = set("包任于应管展成时安平强师计连查全和向能干从游通常相明国但但兼修来练向关利安解顾支乐严权")
_CLEAR = "".join(c for c in SURNAMES if c not in _WORDS)
_HEAD = r"(?:第一|常务|党政|退休|原|工作|党组|党委（党组）|党委|党工委|党总支|党支部|支部|党组织|副总|总|副|分管|生产|安全|技术|驻村|村|乡镇|包村|挂职|妇女|妇联|民兵|治保|监委会|初中|小学|中学|高中|统战|宣传|组织|纪检|政法|文教|计生|民政|综治|武装|团|民兵|县委|市委|区委|镇委|省委|人大|政协|政府|秘书处|总支)*"
_TITLE = (
    rf"{_HEAD}(?:副?秘书长|董事长|总经理|总工程师|工程师|书记|主任委员|主任|局长|县长|市长|区长|镇长|乡长|乡镇长|区县长|县区长|市县长|县市区长|省长|州长|旗长|厅长|部长|处长|科长|股长|所长|站长|矿长|厂长|校长|园长|院长|队长|支队长|大队长|中队长"
    r"|主席|会长|经理|组长|指挥长|检察长|行长|社长|村长|台长|河长|湖长|河湖长|总河长|林长|田长|链长|路长|街长|楼长|网格长|班长|班组长|段长|片长|点长|委员(?!会)|常委(?!会)|支书|调研员|副总(?!经|工|书|监|指)|总工(?!程|会)|总师|总监理工程师|总监(?!理)|护士长|专员|巡视员|审判长|庭长|理事长|会计|教师|营长|教导员|指导员|正职|副职|干事|专干|助理)"
)
_POST = (
    r"(?:党政|党委|政府|院|校|局|主要|分管|包保|包联|联系|挂钩|挂点|挂包|驻村|驻点|包村|包片|包抓|责任|带班|值班|牵头|具体|第一|业务|安全|经办|工作|直接|现场|结对|帮扶|所有|行政|技术|基层|科级|处级|县级|厅级|市级|乡镇|村|街道|以上|正科|副科|党员|机关|年轻|领导|消防|食品|森林|水库|河道|道路|包户|包组|包企|督办|督导|整改|施工|项目|防汛|巡查|值守|保洁)*"
    r"(?:负责同志|负责人|保洁员|巡查员|管理员|看护员|宣传员|调解员|信访员|统计员|操作员|驾驶员|监管员|协理员|快递员|采购员|检查员|记者|民警|辅警|医生|护士|教师|老师|法官|检察官|律师|领导同志|领导干部|领导班子成员|领导班子|班子成员|班子每个人|领导班子|领导(?!小组)|(?:党政)?一把手|\"一把手\"|责任人|联络员|网格员|专管员|管护员|护林员|教研员|监督员|协管员|督导员|信息员|观察员|安全员|辅导员|指导员|特派员|代办员|帮办员|专员|干部职工|干部(?!科|处|局|培训|教育|监督|作风|队伍|会|问题|选|任|考|人事|人员)|村干|工作队员|队员|农技人员|技术人员|执法人员|工作人员|承办人员|经办人员|值班人员|班主任|法定代表人|法人代表|法律顾问|党员(?=[、和要每]))"
)
_MANY = r"(?:各级|各|有关|相关|全体|其他|其余|属地|所在|责任|[省市县区镇乡村州]级?|[县市区镇乡村]{2,3}[两三四]级|各县（市、区）|集团|企业|单位|机关|公司|部门|学校|街道|社区|乡镇|园区|项目|[两三四]个?[县市区镇乡州]|四大班子|四套班子|本|乡里|镇里|村里|县里|市里|全县|全市|全区|全镇)"
_GIVEN = r"(?:[×xX*某]{1,3}|[一-龥]{1,2}?)"
# What looks like a surname with a name, and is none.
_NO_NAME = "周转|周边|周末|时间|房|高中|马上|尤其|应当|应该|平时|经常|常年|成立|高度|全面|全力|方可|有关|安排|明确|明天|连续|和|从|时|于|向|任(?!国)"
# What may follow a personal name that stands by itself.
_AFTER_NAME = rf"(?={LONG_PREDICATES}|按程序|按照|办理|抽调|派出|补助|增加|开通|设立|巡查|收购|发放|修复|拆除|招引|接到|务必|自即日|会后|这个月|马上|还要|须(?!知)|不得|不能|到(?=\d)|来(?=[牵抓管负办])|[一二三四]季|上半年|下半年|全年|今年|明年|[三五七十](?:天|日|号)|通报|一律|解决|列支|最后|随后|首先|承诺|答应|表示|强调|介绍|指出|说|联系|包联|包抓|挂|率|前往|赶赴|把|对|就|从|全程|全权|督|盯|协|统筹|组织|继续|抓紧|尽快|及时|陪同|起草|整理|等(?=[一二两三四五])|[一二两三四五六七八九]位|当|年内|年底|月底|国庆|春节|月内|随|先|再|也|都|到(?=[省市县现一])|要|签|跟|逐|督|带|领|说|明天|后天|今天|本[周月]|下[周月]|应|必须|负责|牵头|任|兼|为|具体|分管|带队|同志|总|抓|包|主持|统筹|协调|亲自|会同|配合|协助|和|与|及|、|，|。|；|）|作|担任|你|每|在|于|将|参加|出席|\d|[一二三四五六七八九十]+月|$)"
# After a title even a name that begins with a word, and 老许 before whatever it may be.
_FIRM = rf"(?:[{SURNAMES}][一-龥×]{{2}}(?<![长任员责家们])(?=任|担任|负责|牵头|带队|同志|会同|坐镇|统筹|包案|包联|督办|作|主持|承诺|答应|强调|表示|介绍|[、）]|$)|[老小][{SURNAMES}](?![师板百干区旧年人城镇小化龄少组学兵弱病])(?<![巴米花麦田丁车]))"
# 远航县长: a given name before a title, but not 分管县长.
_NO_GIVEN = r"[各全每本该县市区乡镇村校院局处科股组党政一两三几第老小]|..[副和与、]|分管|常务|现任|原任|前任|所有|联系|包村|包联|主管|主要|驻村|挂职|人大|政协|支部|总支|纪委|办公|教研|当地|属地|其他|有关|相关|要求|由|请|责成|会议|和|及|与|兼任|组织|宣传|统战"
_NAMED = re.compile(
    rf"(?P<titled>[{SURNAMES}](?:[×xX*某]{{1,3}}|[一-龥]{{0,2}}?(?<![任兼为当]))(?:{_TITLE}|总(?=[你要，带负牵去来把亲]))(?:同志)?)"
    rf"|(?P<title>{_TITLE})(?P<name>(?!{_NO_NAME})(?:[老小][{SURNAMES}](?=[你您带，、牵负去把抓要本今明后下盯来春国元端月周自亲具也再先跟跑写拿管就同]|\d)|[{_CLEAR}]{_GIVEN}(?:同志|{_AFTER_NAME})))"
    rf"|(?P<post>{_TITLE})(?P<firm>{_FIRM})"
    rf"|(?P<given>(?!{_NO_GIVEN})[一-龥]{{2}}(?:副?[县市区]长|副书记|副主任|部长))"
    rf"|(?P<comrade>(?:[{SURNAMES}]{_GIVEN}|[一-龥]{{2,3}}?|[{SURNAMES}])(?<!各位)(?<!负责)(?<!领导)(?<!有的)(?<!党员)同志(?!们))"
    rf"|(?P<old>[老小][{SURNAMES}](?=[你您带，、牵负去把抓要本今明后下盯来春国元端月周自亲具也再先跟跑写拿管就同]|\d|$))"
)
_NAME_AFTER = re.compile(
    rf"(?!{_NO_NAME})(?:{_FIRM}|[老小][{SURNAMES}](?=[你您带，、牵负去把抓要本今明后下盯来春国元端月周自亲具也再先跟跑写拿管就同]|\d)|[{_CLEAR}]{_GIVEN}(?:同志|{_AFTER_NAME}))"
)
_POSTED = re.compile(rf"(?:{_MANY}的?)*(?:(?:{_TITLE})+(?!{'|'.join(['制', '办', '会议'])})|{_POST})")
# Somewhere in what follows there is a person; without one of these words there is none.
_SOMEONE = re.compile(
    rf"同志|）长|会计|教师|营长|教导|指导员|干事|专干|助理|民警|[局县市区镇乡省州旗厅部处科股所站矿厂校园院队组会行社村台河湖林田链路街楼格班段片点庭察挥书事士]长|书记|主任|主席|经理|领导|负责|责任人|干部|一把手|班子|[员师总]|支书|[老小][{SURNAMES}]|总工|委员|常委|村干|正职|副职|代表人"
)
_TITLED = re.compile(rf"(?:{_TITLE})?(?:同志)?$")
_WHICH = re.compile(r"(?:分管|主管|联系|包片|包村|包保|挂钩|挂点|牵头)的")
_ALL = re.compile(r"(?:所有|每位|每个|每名|各位|全体|其他|其余|请)(?:的)?")
_NOT_A_PERSON = re.compile(
    r"制(?!定|订|作)|职责|责任制|绩效|工资|待遇|周转|缺口|编制|体检|补贴|宿舍|津贴|资格|人数|比例|配备|招聘|家属|子女|直系|住房|会议|办公会|信箱|热线|接待日|队伍|培训|名单|带班制|包保制|负责制|工程|讲话|讲|说|指出|介绍|反映|作风|名额|考核|选拔"
)
# 分管教育的副县长
_IN_CHARGE_OF = re.compile(r"(?:分管|主管|联系|包联)[一-龥]{1,8}?的(?=[一-龥]{0,3}(?:长|书记|主任|领导|负责|主席))")
_VAGUE = re.compile(r"(?:个别|一些|有的|部分|少数|某些|不少|广大|许多|很多|一名|[两一二三四五六七八九十\d]+[名位个])")
# A person by name: with a title before or behind, or 同志.
TITLED_NAME = re.compile(
    rf".*(?:{_TITLE}[{SURNAMES}][一-龥×]{{1,2}}(?:同志)?|[{SURNAMES}][一-龥×]{{0,2}}(?:{_TITLE}|同志))"
)
TITLE_ONLY = re.compile(rf"[一-龥]{{0,14}}(?:{_TITLE}|{_HEAD}领导)")
_LINK = re.compile(r"、|以及|和|与|及|跟")


@dataclass
class Party:
    """Who stands in a list of units and persons, and where the list ends."""

    units: Names | None = None
    people: list[str] = field(default_factory=list)
    end: int = 0


def person_at(text: str, at: int, known: Known = NOTHING) -> tuple[list[str], int] | None:
    """The person that begins here, as often as a shared ending names one: 街道和园区主要负责人 are two."""
    own = known.end(text, at, known.people)
    if own > at:
        title = re.compile(rf"同志|{_TITLE}").match(text, own)
        own = title.end() if title else own
        return [text[at:own]], own
    if not _SOMEONE.search(text, at, at + 40) or _VAGUE.match(text, at):
        return None
    if (of := _IN_CHARGE_OF.match(text, at)) and (end := _one(text, of.end())):
        named = TITLED_NAME.fullmatch(text[of.end() : end])
        return [text[of.end() if named else at : end]], end
    if both := _BOTH.match(text, at):
        return both["names"].split("、"), both.end()
    if (which := _WHICH.match(text, at)) and (end := _one(text, which.end())):
        return [text[at:end]], end
    if each := _HEADS.match(text, at):
        return [each.group()], each.end()
    all_of = _ALL.match(text, at)
    start = all_of.end() if all_of else at
    units = names_at(text, start, known)
    found = _of_units(text, units) if units else None
    if found is None:
        single = name_at(text, start, known)
        if single and units and single.end != units.end:
            found = _of_units(text, Names((text[start : single.end],), single.end, single.sort))
    direct = _one(text, start)
    if direct and found and found[1] > direct and _LINK.match(text, direct):
        return [text[start:direct]], direct
    if direct and (found is None or direct >= found[1]):
        return [text[start:direct]], direct
    return found


def _of_units(text: str, units: Names) -> tuple[list[str], int] | None:
    """卫计局谢局长, 各乡镇党政主要负责人, 县委、县政府主要领导."""
    at = units.end
    of = "的" if text[at : at + 1] == "的" else ""
    end = _one(text, at + len(of))
    if end is None:
        return None
    words = text[at:end]
    if re.fullmatch(r"的[老小].", words):
        return [words[1:]], end  # 烟站的老周
    return [name + words for name in units.names], end


def _one(text: str, at: int) -> int | None:
    m = _NAMED.match(text, at)
    if m and (said := m["comrade"] or m["titled"]) and NOT_A_NAME.search(_TITLED.sub("", said)):
        m = None
    end = m.end() if m else -1
    posted = _POSTED.match(text, at)
    if posted and posted.end() > end and posted.end() > at:
        end = posted.end()
        if name := _NAME_AFTER.match(text, end):
            end = name.end()
    if end > 0 and (also := _ALSO.match(text, end)):
        end = also.end()
    if end < 0 or _NOT_A_PERSON.match(text, end):
        return None
    return end


# 李国强、张卫平两位副县长
_BOTH = re.compile(
    rf"(?P<names>[{_CLEAR}][一-龥×]{{1,2}}(?:、[{_CLEAR}][一-龥×]{{1,2}}){{1,5}})[两二三四五六]位(?:{_TITLE}|领导)(?:同志)?"
)
# 各县（市、区）长
_HEADS = re.compile(r"各[县市区旗州]（[^（）]{1,8}）长")
# Another title in parentheses: 校长（园长）.
_ALSO = re.compile(rf"（{_TITLE}）")
_ALONE = re.compile(rf"[{_CLEAR}]{_GIVEN}{_AFTER_NAME}")


def named_at(text: str, at: int) -> int:
    """Where a bare personal name ends, of one who is told to act by the word before it; `at` without one."""
    m = _ALONE.match(text, at)
    return m.end() if m and not NOT_A_NAME.search(m.group()) else at


# More names in one list than any speech has: reading on would only make odd input slow.
_LONGEST_LIST = 60


def party_at(text: str, at: int, known: Known = NOTHING) -> Party | None:
    """The list of units and persons that begins here: 请分管领导与商务局、招商服务中心…"""
    if VERB.match(text, at):
        return None
    party = Party(end=at)
    while len(party.people) < _LONGEST_LIST:
        person = person_at(text, at, known)
        units = None if person else names_at(text, at, known)
        if person:
            party.people += _joined(party.people, person[0], text, at)
            at = person[1]
        elif units:
            old = party.units
            names = (old.names if old else ()) + units.names
            party.units = Names(
                names, units.end, units.sort if not old else min(old.sort, units.sort), units.collective
            )
            at = units.end
        else:
            break
        party.end = at
        link = _LINK.match(text, at)
        if not link or not (person or person_at(text, link.end(), known)):
            break
        at = link.end()
    return party if party.people or party.units else None


def _joined(before: list[str], found: list[str], text: str, at: int) -> list[str]:
    """县委常委、副县长李强 is one person with two titles."""
    if (
        before
        and text[at - 1] == "、"
        and re.search(rf"{_TITLE}[{SURNAMES}]", found[0])
        and re.fullmatch(rf".*(?:{_TITLE})", before[-1])
    ):
        found = [f"{before.pop()}、{found[0]}", *found[1:]]
    return found
