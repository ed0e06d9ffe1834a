"""Who is charged: the role of the units and persons that a clause names.

`names` and `persons` read what stands there; here the grammar around it decides. Charged is who begins a clause
and is followed by something to do (要, a date, a verb), who stands after 由, 请, 责成, and who stands before 牵头
or 负责. Helpers stand after 会同 or before 配合. Whoever is only the object (支持商务局), the owner (县医院的)
or the building (服务中心建成) is merely mentioned.
"""

import re
from dataclasses import dataclass, field
from typing import Literal

from speeches.extraction import judge
from speeches.extraction.bodies import FIELD, FIELDS, HOUSE, OFFICE, ORGANS, PLACE, PREDICATES
from speeches.extraction.lists import Names, names_at
from speeches.extraction.model import Lexicon, UnitMention
from speeches.extraction.names import ANY_FIELD, LAST, NOTHING, Known, is_group, own_names
from speeches.extraction.persons import named_at, party_at, person_at
from speeches.extraction.text import View, fold, segments, view


@dataclass
class Charge:
    """Whom one clause charges, and where in the clause that is said."""

    responsible: list[str] = field(default_factory=list)
    supporting: list[str] = field(default_factory=list)
    people: list[str] = field(default_factory=list)
    start: int = -1
    end: int = -1
    how: str = ""

    def __bool__(self) -> bool:
        return bool(self.responsible or self.supporting or self.people)


# What leads into a clause before its subject.
_SKIP = re.compile(
    r"(?:[—·●◆☆]+|[—\-·●◆☆>＞\s]*(?:（[一二三四五六七八九十\d]{1,3}）|[一二三四五六七八九十]{1,3}、|\d{1,2}[.．、）]|第[一二三四五六七八九十]{1,2}(?=，|、|：))[是要]?"
    r"|[一二三四五六七八九十](?:是要?|要)|首先|其次|再次|再者|同时|此外|另外|然后|随后|最后|下一?步|接下来|其中|特别是|尤其是?|对此|为此|因此|所以|但是?|而且|并且|会议(?:要求|强调|明确|决定|议定|指出|确定|认为)|(?:特别|再次)强调|务必|还|也|并|一方面|另一方面|另|原则上|届时|会后|今后|以后|平时|期间|从现在起|从今天起|即日起|[从自][^，]{1,14}?起|\d{1,2}月份?起)(?:，|：|:)?"
)
_HOUR = re.compile(r"(?:早上?|上午|下午|晚上?)?(?:[\d一二三四五六七八九十]{1,3}[点时])?(?:半)?(?:[之以]?前|起|开始)?")
# What stands before whoever is told to act.
_CALL = re.compile(
    r"由(?![于此来浅])|(?<![邀申提聘报敬宴])请(?!教[^育体委]|[求示假战进来到帖])"
    r"|交(?:由|给)(?=[一-龥]{2,16}(?:去|来|办|处理|负责|管|承办|统一|牵头|组织|落实|调查|核查|研究|实施))|以(?=[一-龥]{2,14}(?:为主(?![题体线要])|为牵头))|(?:交|转|移交|转交|批转)(?=[一-龥]{2,12}(?:办理|处理|承办|负责|研究办理|调查处理|牵头))|\A望(?=[省市县区镇乡各有])|归(?=[省市县区镇乡]?[一-龥]{1,6}[局办委部])|归(?=[一-龥]{2,5}(?:同志|书记|县长|局长|镇长|主任)?(?:统一)?(?:指挥|管|负责|抓))|责成|责令|委托|授权|叮嘱|(?:\A|(?<=[，：我他她同时议并]))(?:要求|希望|建议|明确|决定|确定|指定|安排)|提请(?![^，]{2,16}(?:审议|审定|研究|批准|决定|通过))|交(?=[省市县区镇乡][一-龥]{1,8}[办处承牵负])"
)
_NOT_CALL = re.compile(r"(?:理|缘|自|经|(?<![个件此该实好])事|(?<![方预提议档])案|因|来)由")
_ADVERB = r"(?:要|应当?|须|可以?|也|都|均|必须|务必|积极|密切|主动|予以|全力|做好|认真|抓紧|及时|共同|继续|进一步|切实|分别|具体|各自|依法|尽快|会后|一起|给予|加强)*"
_WITH = re.compile(
    rf"{_ADVERB}(?:会同|联合(?!行动|执法|国|会|体|惩|审|验|办|检|督|巡|工作组|调)|协同|商(?![务量业议会定贸户品标])|(?:与|同|跟)(?=[^步时志类样意期级等一]))"
)
_WITH_START = re.compile(
    r"(?:并|要|应|主动|积极)*(?:会同|联合(?!行动|执法|国|会|体|惩|审|验|办|检)|协同|商(?![务量业议会定贸户品标]))"
)
_HELP = re.compile(
    rf"(?:等(?:有关|相关)?(?:部门|单位|镇|乡|方面)?)?{_ADVERB}(?:做好)?(?:配合|协助|协办|会办|协同|参与|参加|支持|提供技术|保障(?!局)|陪|为成员)"
)
# Nouns that make what stands before them their owner or their kind: 县医院改造, 各乡镇干部.
_OWNED = re.compile(
    r"的(?!事|人(?:一起|都|要|必须|一律))|由|那边|这边|说|讲|(?:刚才|会前|昨天|前几天|刚刚|上次)?(?:也|都)?(?:反映|介绍|汇报)|被|要求|指出|强调|认为|开了|发了|那[个些边块几条座笔头]|[^，]{1,12}的(?:问题|情况)|(?!成立|组建|明确|建立|设立|实行|决定|确定|指定|安排)[一-龥]{1,6}由(?![于此])|[提说讲查问去来看]过|再[紧难苦忙穷大多小远]|提出[，：]|预报|预测|测算|估计|告诉|混合所有制|(?:上次|上回|今天)讲|设在|成员|[、）》\"]|(?:有关|主要|分管)?(?:领导(?!小组)|负责人|负责同志|一把手|班子|干部|主任|局长|书记|反映|同志|人员|职工|群众|工作(?!组|专班)|建设|项目|改革|改造|工程|宿舍|片区|扩建|新建|院区|小区|大桥|范围|之间|以上|以下|以内|以外|内部|内|上下|之一|层面|方面|各项|党建|经济|产业|企业|居民|财力|环境|资源|资金|预算|收入|网络|体系|品牌|文化|覆盖|面积|总量|人口|标准|数量|职能|职责|关系|力量|队伍|联动|合作|一体化|融合|振兴|发展|治理|规划|管理|服务)"
    r"|[。；：！？]"
)
# What a building, a business or a place may be followed by where it is the thing made.
_MADE = re.compile(
    r"(?:全[省市县区镇])?\d+(?:所|座|家|间|处|[名人]|个(?!工作日|月))|[^，]{0,6}?(?:铺轨|过半|贯通|合龙|封关|启动建设|[再新]建|筹建|筹备|建成|开工|竣工|投用|投产|封顶|交付|启用|落成|挂牌|运营|运行|完工|动工|通车|开园|开业|开馆|落地|覆盖|达到|达|增长|下降|率|新增|总数|全部建|扩建|搬迁|改制|上市)"
)
_PREDICATE = re.compile(
    rf"(?:等)?(?:要(?!求|素)|应|必须|务必|须|需|会(?!议|同|计|员|展|场)|{PREDICATES}"
    r"|[挖栽养种写买装换印修开出抽派收垫拨凑挤腾缴交认运拉送拆铺架砌刷画做补投留招聘训查抓](?:了|出|够|齐|满|足|上|好|下|掉|完|到)?(?:不少于|不低于|至少)?[\d一两二三四五六七八九十百]|哪怕|原则上|想办法|想方设法|看着办|轮流|逢|照|扫尾|腊月|正月|冬月|农历|入[冬夏秋春]|立[冬夏秋春]|冬至|小寒|大寒|惊蛰|谷雨|芒种|小满|开学|暑假|寒假|放假|期末|秋收|夏收|收割|雨季|每|\d|[一二三四五六七八九十]+[月日号]|[一两二三四五六七八九十]+个?(?:工作日|小时|月|天|日|周)|今年|明年|今明|年底|年内|月底|下月|本月|本周|下周|上半年|下半年|全年|春节|国庆|元旦|中秋|端午|清明|[上中下]旬|[一二三四]季|[春夏秋冬]|节前|汛|随时|按季|按月|早|晚|昨|现|即|近|周|，)"
)
_MODAL = re.compile(
    r"(?:等)?(?:要(?!求|素|点)|应(?!急|用|届|对)|必须|务必|须|需|负责(?!同志|人)|牵头|牵总|扛总|会同|主办|承办|抓紧|限期)"
)
# What two do with each other, of which neither helps.
_AFFAIR = re.compile(
    rf"签|谈|见面|合作|沟通|衔接|对接|联系(?!的)|协商|洽谈|协调|接洽|联动|互动|把[^，]{0, 6}(?:合同|协议)|{_OWNED.pattern}"
)
# 由 names here what a body is made of.
_MADE_OF = re.compile(r"[^，]{0,12}?(?:组成|构成)")
_LEADS = re.compile(r"(?:要|具体)?(?:负责|牵头|牵总|扛总|会同|主办|配合|协助)")


# 牵头部门是县人社局，配合单位为县财政局
_NAMED_ROLE = re.compile(
    r"(?:(?:总?牵头|责任|主办|承办|主责|实施|业主|建设)|(?P<help>配合|协办|协助|参与))(?:单位|部门)(?:是|为|(?=[省市县区镇乡]))"
)


_ROLE_IS = re.compile(r"(?:(?:牵头|责任|主办|承办)|(?P<help>配合|协办|协助))(?:单位|部门)(?:是|为)")


def charges(text: str, dated: list[tuple[int, int]], known: Known = NOTHING) -> Charge:
    """Whom one clause charges. `dated` are the spans of its dates and frequencies, in the clause's own offsets."""
    charge = Charge()
    at = _begin(text, dated)
    if (w := _WITH_START.match(text, at)) and (others := names_at(text, w.end(), known)):
        charge.supporting += others.names
        charge.start, charge.end, charge.how = at, others.end, "with"
        return charge
    if (named := _NAMED_ROLE.match(text, at) or _ROLE_IS.search(text, at)) and (
        others := names_at(text, named.end(), known)
    ):
        charge.start, charge.end, charge.how = at, others.end, "unit"
        (charge.supporting if named["help"] else charge.responsible).extend(others.names)
        return charge
    if _subject(text, at, charge, known, called=False):
        return charge
    if (those := _THOSE.match(text, at)) and _subject(text, those.end(), charge, known, called=False):
        return charge
    for m in _CALL.finditer(text, at):
        if _NOT_CALL.match(text, m.end() - 2) or text[m.start() - 1 : m.start()] == "已":
            continue
        after = _begin(text, dated, m.end())
        if _subject(text, after, charge, known, called=True):
            return charge
    _inner(text, at, dated, charge, known)
    return charge


def _begin(text: str, dated: list[tuple[int, int]], at: int = 0) -> int:
    """Where the subject would stand: after order words, connectives and dates."""
    before = -1
    while before != at:
        before = at
        if m := _SKIP.match(text, at):
            at = m.end()
        for a, b in dated:
            if a <= at + 1 and b > at:
                hour = _HOUR.match(text, b)
                b = hour.end() if hour else b
                at = b + 1 if text[b : b + 1] == "，" else b
    return at


def _subject(text: str, at: int, charge: Charge, known: Known, *, called: bool) -> bool:
    """Reads the party that begins at `at` into the charge, if what follows shows that it is to act."""
    if called and text[at - 1] == "由" and (some := _SOME.match(text, at)):
        at = some.end()
    party = party_at(text, at, known)
    if party is None and called and (end := named_at(text, at)) > at:
        charge.people, charge.start, charge.end, charge.how = [text[at:end]], at, end, "person"
        return True
    if party is None:
        return False
    rest = party.end
    if party.people and not party.units:
        if not called and not _acts(text, rest):
            return False
        charge.people += party.people
        charge.start, charge.end, charge.how = at, rest, "person"
        if (w := _WITH.match(text, rest)) and (others := names_at(text, w.end(), known)):
            charge.supporting += () if _AFFAIR.match(text, others.end) else others.names
        return True
    units = party.units
    assert units is not None
    if side := _SIDE.match(text, rest):
        rest = side.end()
    if called and _MADE_OF.match(text, rest):
        return False
    helps = _HELP.match(text, rest)
    if not called and not helps and not _is_subject(text, rest, units):
        return False
    if (apart := _apart(text, at, rest, units.names)) is not None:
        units = apart
    if not called and _RELATIVE.match(text, rest):
        return False
    charge.start, charge.end = at, rest
    charge.how = "person" if party.people else "unit"
    charge.people += party.people
    if helps:
        charge.supporting += units.names
        return True
    charge.responsible += (n.removeprefix("任何") for n in units.names)
    for w in _WITH.finditer(text, rest):
        others = names_at(text, w.end(), known)
        if others and not _AFFAIR.match(text, others.end) and (w.start() == rest or others.sort in (OFFICE, FIELD)):
            charge.supporting += others.names
            charge.end = others.end if w.start() == rest else charge.end
            break
    return True


# 交通局那边要抓紧, 交通局的同志要把数摸清
_SIDE = re.compile(
    r"(?:[这那]边|方面|[这那]头|的同志们?)(?=要(?!求)|抓紧|必须|务必|负责|把|尽快|去|再|得|须|\d+[月日号]|[月年]底)"
)
# 县里去年下达的任务: what a unit has done is said of the object.
_RELATIVE = re.compile(
    r"[^，]{0,8}(?:要|将|会)来[一-龥]{0,4}(?:检查|督查|视察|考核|验收|暗访|调研|核查|开)|(?:[去今前]年|上半年|前期|会上|已经?|刚刚?|新|给|对|专门|近期|日前|此前)?(?:[我你]们|人家)?(?:(?<=们)|下达|确定|定|核定|安排|交办|提出|批准|批|承诺|答应|印发|列|认定|出台|要求|布置|部署|决定|通过|反馈|通报|指出|评定|转办|交给|查出|发现)[^，]{0,8}?(?:来)?的"
)
_AND = re.compile(r"[与和同跟]")


def _apart(text: str, at: int, rest: int, names: tuple[str, ...]) -> Names | None:
    """A与B对接: only the first acts; the other is whom it deals with."""
    if len(names) != 2 or not _DEALS.match(text, rest):
        return None
    link = text.find(names[1], at, rest)
    if link > at and _AND.fullmatch(text, link - 1, link):
        return Names(names[:1], rest, OFFICE)
    return None


_DEALS = re.compile(
    r"(?:搞好|做好|加强|主动|抓紧|积极|尽快|及时|的)*(?:衔接|对接|沟通|协商|洽谈|接洽|签订|签署|签约|谈)"
)


# 由一名县政府领导挂帅
_SOME = re.compile(r"(?:一|1)[名位](?=[省市县区镇乡分主政党班局院校])")
# 连续两次垫底的单位主要负责人在电视上检讨
_THOSE = re.compile(
    r"(?:连续|着|排|垫底|完不成|没完成|没有|未|不|凡|落后|倒数|超期|逾期|末位)[^，]{1,20}?的(?=[^，]{0,10}(?:负责人|负责同志|领导|书记|[县市区镇乡局校院处科]长|主任|一把手))"
)
# What a person is said to be, or to say, or to have done: no task.
_TELLS = re.compile(
    r"的|由|[。；：、）]|等|(?:[在就对][^，]{1,16}?)?(?:最后|随后|还|又|再次|多次)?(?:反映|告诉|作[^，]{0,24}(?:报告|讲话|发言|部署|说明|总结)|作题为|(?:今天)?也?(?:在场|在座)|(?:今天)?也在(?=$)|说|讲|介绍|指出|强调|要求|表示|代表|出席|列席|应邀|到会|参会|率(?![先队])|察看|陪同|调研|(?:[为任]|担任)(?:小组)?成员|主持会议|主持召开|听取|汇报|深入|来到|先后|致辞|讲话|拨通)"
)


def _acts(text: str, at: int) -> bool:
    """Whether what follows a person is something to do, rather than what the person is said to be or to say."""
    return _TELLS.match(text, at) is None


def _is_subject(text: str, at: int, units: Names) -> bool:
    if _OWNED.match(text, at) and not _MODAL.match(text, at):
        return False
    if units.names[0] in _ABOVE and not _FROM_ABOVE.match(text, at):
        return False
    if units.names[0].startswith("每") and _QUOTA.match(text, at):
        return False
    if units.sort in (PLACE, HOUSE) and _SITE.match(text, at):
        return False
    if _COUNT.match(units.names[0]) and "的" not in units.names[0]:
        return _MODAL.match(text, at) is not None
    if at == len(text):
        return units.sort == OFFICE or units.collective or (units.sort == FIELD and len(units.names) > 1)
    if units.sort == OFFICE or units.collective:
        return True
    if _MODAL.match(text, at) and not (
        units.names[0] in FIELDS - ORGANS and len(units.names) == 1 and not _LEADS.match(text, at)
    ):
        return True
    if units.names[0] in FIELDS and len(units.names) == 1 and units.names[0] not in ORGANS:
        return False
    return _PREDICATE.match(text, at) is not None and not (units.sort == HOUSE and _MADE.match(text, at))


# Who stands above the speaker more often than below.
_ABOVE = ("省里", "市里", "区里", "国家")
_FROM_ABOVE = re.compile(
    r"(?:再|先|统一|负责|全部|也|今年|每[年月村个户校]|从[^，]{1,6}起|年内)*(?:设立|投入|拿|出|补|统筹|安排|负责|要(?!求)|承担|解决|组织|配套|兜底|奖|给予|报销|掏|贴|必须)"
)
# 每个乡镇至少有一所养老院 says what there is to be; 每个乡镇要建一所 charges.
_QUOTA = re.compile(r"(?:至少|平均|都)?(?:有(?![序力])|配(?!合)|派驻|安排|给|补|奖)|(?:至少|重点)(?:建成|建|打造|培育)")
# 温泉镇11座坟墓: where it is, and how many there are.
_SITE = re.compile(
    r"的?(?:全[县市区镇])?\d+(?:多|余)?(?:所|座|家|间|处|户|栋|幢|条|亩|口|台|辆|公里|名|个(?!工作日|月|小时|百分))[一-龥]{2,}"
)
_COUNT = re.compile(r"[一两二三四五六七八九十\d]+(?:个|家|(?=[镇乡村县区街社]))")
# A subject after its topic, without a comma: 这笔钱财政局本月底前拨到乡镇.
_INNER = re.compile(
    rf"(?=[县乡镇村区]里头?(?:报|补|出|拿|贴|掏|每|解决|统筹|给|配|奖))|[县乡镇村区](?:里头?|政府)(?=包到底|报(?!告|表|名|道)|补|出|拿|贴|掏|每|负责|解决|统筹|给|配|奖|兜底)|[省市县区镇乡](?:级)?财政(?=安排|拿|出|补|承担|负担|配套|兜底|统筹)|(?<=工作|事项|任务|项目|问题|资金|经费|件事|的事|缺口|修复|整改)(?=[一-龥]{2, 12}(?:负责|牵头|去办|来办|兜底))|(?:侨联|妇联|总工会|团县?委|残联|科协|文联|工商联)(?=牵头|负责|要)|(?<![对向给报送到持促和与及导织经据把将级的由、])(?:[省市县区镇乡州]|(?=各))?(?:(?:{ANY_FIELD})(?:局|委|办|厅|公司|部门|站|所|中心|大队|支队|系统)|(?:各|县|镇|乡|村|市|区)(?=[乡镇村街区县部里上单]))"
)
_ACTS_INSIDE = re.compile(
    r"要(?!求|素|点)|负责(?!同志|人)|牵头|必须|务必|包到底|补|兜底|安排|组织|派|抽|来(?=[拿办定管写牵抓做跑盯])|断|把|将|先|抓紧|尽快|每[周月季半天]|统一|自己|去|协助|配合|拿出"
)
# Where one could end before such a word.
_ENDS_INSIDE = re.compile(f"(?:{LAST.pattern}|[政头府])(?:{_ACTS_INSIDE.pattern})|里头?(?:报|补|出|拿|贴|掏|每)")


# 这项工作|王强同志负责
_TOPIC = re.compile(
    r"(?<=工作|事项|任务|项目|问题|资金|经费|件事|的事|缺口|修复|整改)(?!工作|事项|任务|项目)(?=[一-龥]{2,14}(?:负责|牵头))"
)
_AT_HOME = re.compile(r"[县乡镇村区]里头?(?:报|补|出|拿|贴|掏|每|解决|统筹|给|配|奖)")


def _inner(text: str, at: int, dated: list[tuple[int, int]], charge: Charge, known: Known) -> None:
    """Reads a subject that stands after its topic: 城区道路保洁县城管局负责."""
    for topic in _TOPIC.finditer(text, at + 1):
        person = person_at(text, topic.start(), known)
        if person and _LEADS.match(text, person[1]):
            charge.people += person[0]
            charge.start, charge.end, charge.how = topic.start(), person[1], "person"
            return
    if not (_ENDS_INSIDE.search(text, at + 1) or any(a > at + 1 for a, _ in dated)):
        return
    for m in _INNER.finditer(text, at + 1):
        names = names_at(text, m.start(), known)
        at_home = m.group() == "" and _AT_HOME.match(text, m.start())
        if names and (at_home or _ACTS_INSIDE.match(text, names.end) or any(a == names.end for a, _ in dated)):
            charge.responsible += names.names
            charge.start, charge.end, charge.how = m.start(), names.end, "unit"
            return


_GOES_ON = re.compile(rf"要(?!求|素)|应|必须|务必|须|确保|{PREDICATES}")


def subjectless(text: str, dated: list[tuple[int, int]]) -> bool:
    """Whether a clause begins with what is to be done, so that the subject before it may go on."""
    at = _begin(text, dated)
    return _GOES_ON.match(text, at) is not None or judge.REACH.match(text, at) is not None


Role = Literal["responsible", "supporting", ""]
_BOUNDARY = re.compile(
    r"(?:^|[，。；：！？、（）“”\"\s]|由|请|和|与|及|把|将|对|向|给|跟|同|在|支持|配合|协助|会同|联合|要求|责成|督促|指导|通知|组织|依托|报|送|经|比如|例如|全力)"
)


def find_units(text: str, *, lexicon: Lexicon | None = None) -> list[UnitMention]:
    """Every unit, group and person in the text, charged or merely mentioned, in its order.

    Charged are those that a clause names as its subject, after 由 or 请, or as helpers; the role of the others
    is "". Offsets are those of the list in which a name stands where its ending is shared by several.
    """
    known, folded, found = own_names(lexicon), fold(text), []
    for start, end in segments(text):
        seg = view(folded, start, end)
        at = 0
        for clause in re.split(r"(?<=[，；：])", seg.text):
            found += _mentions(text, seg, clause, at, known)
            at += len(clause)
    return sorted(set(found), key=lambda u: (u.start, u.end, u.name))


def _mentions(text: str, seg: View, clause: str, at: int, known: Known) -> list[UnitMention]:
    words = clause.rstrip("，；：。！？ ")
    charge = charges(words, [], known)

    def role_of(name: str) -> Role:
        if name in charge.responsible or name in charge.people:
            return "responsible"
        return "supporting" if name in charge.supporting else ""

    found: list[UnitMention] = []
    taken = 0
    for m in _BOUNDARY.finditer(words):
        if m.end() < taken:
            continue
        if person := person_at(words, m.end(), known):
            people, taken = person
            a, b = seg.where(at + m.end(), at + taken)
            found += [UnitMention(text[a:b], p, "person", role_of(p), a, b) for p in people]
        elif names := names_at(words, m.end(), known):
            taken = names.end
            a, b = seg.where(at + m.end(), at + taken)
            for name in names.names:
                kind: Literal["group", "unit"] = "group" if is_group(name, known) else "unit"
                found.append(UnitMention(text[a:b], name, kind, role_of(name), a, b))
    return found
