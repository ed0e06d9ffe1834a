"""Search finds Chinese by its words, units by their aliases, and only what the user may see."""

import pytest
from django.urls import reverse

from speeches.models import Speech
from tests import make
from tracker import search
from tracker.models import Commitment, SearchEntry
from tracker.rules import visible_commitments


@pytest.fixture
def items(county):
    return {
        "road": make.commitment("云台山旅游公路路面硬化全面竣工", lead=county.transport),
        "school": make.commitment("新建第三小学主体封顶", lead=county.education, content="施工便道由交通部门协助"),
        "toilet": make.commitment("完成农村厕所改造120座", lead=county.towns),
    }


def found(text: str, user) -> list[str]:
    ids = search.find_commitments(search.Query.read(text), visible_commitments(user))
    return [row.title for row in search.in_order(Commitment.objects.all(), ids)]


@pytest.mark.parametrize(
    ("words", "title"),
    [
        ("旅游公路", "云台山旅游公路路面硬化全面竣工"),
        ("公路 竣工", "云台山旅游公路路面硬化全面竣工"),
        ("第三小学", "新建第三小学主体封顶"),
        ("厕所改造", "完成农村厕所改造120座"),
        ("120", "完成农村厕所改造120座"),
    ],
)
def test_words_are_found_wherever_they_stand(items, county, words, title):
    assert found(words, county.coordinator) == [title]


def test_all_the_words_must_occur(items, county):
    assert found("公路 厕所", county.coordinator) == []


def test_a_hit_in_the_title_comes_before_one_in_the_text(items, county):
    other = make.commitment("安排便道养护经费", lead=county.transport, content="与旅游公路同步")

    assert found("旅游公路", county.coordinator) == [items["road"].title, other.title]


def test_an_alias_finds_what_the_unit_has_been_charged_with(items, county):
    assert items["road"].title in found("县交通局", county.coordinator)


def test_an_alias_finds_speeches_that_use_the_full_name(county):
    speech = make.speech("县交通运输局要抓紧施工。")

    assert search.find_speeches(search.Query.read("交通部门"), Speech.objects.all()) == [speech.pk]


def test_only_what_the_user_may_see_is_found(items, county):
    assert found("第三小学", county.liaison) == []


def test_a_changed_title_is_found_by_its_new_words(items, county):
    items["school"].title = "新建实验幼儿园"
    items["school"].save()

    assert found("实验幼儿园", county.coordinator) == ["新建实验幼儿园"]
    assert found("主体封顶", county.coordinator) == []


def test_what_is_deleted_leaves_the_index(items):
    pk = items["toilet"].pk
    items["toilet"].delete()

    assert not SearchEntry.objects.filter(kind="commitment", object_id=pk).exists()


@pytest.mark.parametrize("text", ['"', "'", "a' | 'b", "NEAR(", "*", "\x00", "%", '公路" OR "厕所', "😀", "a" * 5000])
def test_odd_queries_find_nothing_and_break_nothing(items, county, text):
    search.find_commitments(search.Query.read(text), visible_commitments(county.coordinator))


def test_words_are_marked_and_the_rest_is_escaped():
    query = search.Query("公路", (("公路",),), ())

    assert search.highlighted("<b>公路</b>建设", query) == "&lt;b&gt;<mark>公路</mark>&lt;/b&gt;建设"


def test_a_long_text_is_cut_to_the_stretch_with_the_words():
    query = search.Query("公路", (("公路",),), ())
    shown = search.highlighted("前" * 500 + "公路" + "后" * 500, query)

    assert "<mark>公路</mark>" in shown
    assert shown.startswith("…")
    assert shown.endswith("…")


def test_speeches_are_found_on_the_page(client, county):
    make.speech("各部门要把云台山旅游公路建设好。")
    client.force_login(county.observer)

    assert "<mark>" in client.get(reverse("search"), {"q": "旅游公路"}).content.decode()


def test_the_number_of_queries_does_not_grow(client, county, items, django_assert_max_num_queries):
    for number in range(40):
        make.commitment(f"改造公路桥梁{number}号", lead=county.transport)
    client.force_login(county.coordinator)

    with django_assert_max_num_queries(12):
        client.get(reverse("search"), {"q": "公路"})


def test_words_beside_a_unit_narrow_down_what_it_has_been_charged_with(items, county):
    make.commitment("危桥加固全部完工", lead=county.transport)

    assert found("交通局 危桥", county.coordinator) == ["危桥加固全部完工"]


def test_the_stretch_that_is_shown_holds_the_whole_word_and_not_the_most_parts_of_it(db):
    text = "标准、标准、标准、标准、标准" + "。" * 300 + "新建高标准农田二十万亩" + "。" * 300
    assert "新建<mark>高标准农田</mark>二十万亩" in search.highlighted(text, search.Query.read("高标准农田"))


def test_each_word_of_a_query_is_marked_as_it_was_typed(db):
    shown = search.highlighted("持续优化一流营商环境", search.Query.read("营商环境 优化"))
    assert shown == "持续<mark>优化</mark>一流<mark>营商环境</mark>"


def test_of_a_title_without_end_the_stretch_around_the_words_is_shown(client, county):
    make.commitment("前" * 200 + "供水管网" + "后" * 200, lead=county.transport)
    client.force_login(county.coordinator)
    page = client.get(reverse("search"), {"q": "供水管网"}).content.decode()
    assert "前" * 20 in page
    assert "前" * 150 not in page
