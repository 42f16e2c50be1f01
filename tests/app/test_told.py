"""Whether sentences tell the figures and names of a claim, and what follows from them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.told import Source, verdict

PORT = Source("在武汉阳逻港，仅需12名远控员，便能完成以往需39人完成的工作量。", "2024")
PARKS = Source("全市已新建园区10个，优化提升21个，新签约企业254个。", "2024")
DAYS = Source("节日从10月14日调整为10月1日，由NASA和“光谷杯”组委会公布。", "2023")
FIRMS = Source("光谷有300家企业。车谷有200家企业。")
SPLIT = Source("10月初发表。29日，报纸刊登了指控。", "2022")
ENGLISH = Source("The mill at Harlow was sold to Dena Ltd for 1,200 pounds in 1893.")


@pytest.mark.parametrize(
    ("claim", "source", "expected"),
    [
        ("阳逻港以前要39人。", PORT, "supported"),
        ("阳逻港以前要93人。", PORT, "unsupported"),
        ("工作量不变，比过去少用27人。", PORT, "derived"),
        ("前后相差158天。", Source("3月1日揭牌，8月6日开园。"), "derived"),
        ("前后相差5天。", Source("3月1日揭牌，8月6日开园。"), "unsupported"),  # months lie between
        ("前后相差2天。", Source("2023年12月31日揭牌，2024年1月2日开园。"), "derived"),
        ("会议前后相差3天。", Source("3月1日至4日开会。"), "derived"),
        ("有300家企业。", Source("有不足300家企业。"), "unsupported"),
        ("2024年武汉发展。", Source("武汉有2024家企业。"), "unsupported"),
        ("2024年武汉发展。", Source("武汉在2023至2024年发展。"), "supported"),
        ("规模突破万亿元。", Source("规模突破千亿元。"), "unsupported"),
        ("规模突破万亿元。", Source("规模达1.05万亿元。"), "supported"),
        ("企业近千家。", Source("企业近百家。"), "unsupported"),
        ("企业近千家。", Source("企业有980家。"), "supported"),
        ("补贴300-800万元。", Source("补贴300-500万元。"), "unsupported"),
        ("历时23年。", Source("历时两三年。"), "unsupported"),
        ("2022年产量为10万辆。", Source("目前年产10万辆。", "2024"), "unsupported"),
        ("阳逻港省了27人。", PORT, "derived"),
        ("阳逻港省了39人。", PORT, "unsupported"),  # as many as there were, not as many as were saved
        ("阳逻港的人手减少了12名。", PORT, "unsupported"),
        ("全省园区至少10个。", PARKS, "supported"),  # 省 and 少 are within words
        ("节日提前13天。", Source("节日比原来提前了13天。"), "supported"),
        ("阳逻港有27人。", PORT, "unsupported"),  # nothing says that it is worked out
        ("新建和优化提升的园区共31个。", PARKS, "derived"),
        ("新建和优化提升的园区共32个。", PARKS, "unsupported"),
        ("园区和企业合计285个。", PARKS, "derived"),
        ("公共园区有31个。", PARKS, "unsupported"),  # 共 is within a word
        ("总部园区有31个。", PARKS, "unsupported"),
        ("总数为31个。", PARKS, "derived"),
        ("园区共11个。", PARKS, "unsupported"),  # 21 - 10 is no total
        ("新建的园区比优化提升的少31个。", PARKS, "unsupported"),  # 10 + 21 is no difference
        ("除光谷外共有200家企业。", Source("全市有500家企业，光谷有300家。"), "derived"),
        ("光谷的企业比车谷多100家。", FIRMS, "derived"),
        ("光谷的企业比车谷少100家。", FIRMS, "unsupported"),
        ("车谷比光谷少一百家企业。", FIRMS, "derived"),
        ("车谷比光谷多100家企业。", FIRMS, "unsupported"),
        ("乙产品的销量比产量少20台。", Source("乙产品的产量和销量分别为50台和30台。"), "derived"),
        ("销量比产量多20台。", Source("乙产品的产量和销量分别为50台和30台。"), "unsupported"),
        ("平均尺寸比开园时大2英寸。", Source("平均尺寸由开园时的46英寸增加到48英寸。"), "derived"),
        ("节日比原来提前了13天。", DAYS, "derived"),
        ("节日在10月14日。", DAYS, "supported"),
        ("节日在2023年10月14日。", DAYS, "unsupported"),  # the sentence does not say the year
        ("NASA公布了新日期。", DAYS, "supported"),
        ("ESA公布了新日期。", DAYS, "unsupported"),
        ("“光谷杯”组委会公布了新日期。", DAYS, "supported"),
        ("“武汉杯”组委会公布了新日期。", DAYS, "unsupported"),
        ("10月29日报纸刊登了指控。", SPLIT, "supported"),  # the month from beside it
        ("11月29日报纸刊登了指控。", SPLIT, "unsupported"),
        ("The mill went to Dena Ltd in 1893 for 1200 pounds.", ENGLISH, "supported"),
        ("The mill went to Orla Ltd in 1893.", ENGLISH, "unsupported"),
        ("The mill was sold for 1,300 pounds.", ENGLISH, "unsupported"),
        ("The mill was sold for 1,200 million pounds.", ENGLISH, "unsupported"),
        ("The three mills went to Dena Ltd.", ENGLISH, "unsupported"),
        ("The best mill, at Harlow, went to Dena Ltd.", ENGLISH, "unsupported"),
        ("The mill at Harlow in the end went to Dena Ltd.", ENGLISH, "supported"),
        ("阳逻港是效率最高的港口。", PORT, "unsupported"),
        ("阳逻港最终只要12名远控员。", PORT, "supported"),
        ("价格最高。", Source("价格创下历史新高。"), "supported"),
        ("武汉的里程最长。", Source("武汉的里程居全国第一。"), "supported"),
    ],
)
def test_figures_names_and_superlatives_must_stand_there_or_follow(
    claim: str, source: Source, expected: str
) -> None:
    assert verdict(claim, [source]) == expected


def test_figures_of_two_sentences_count_together() -> None:
    claim = "以前要39人，现在新建园区10个。"
    assert verdict(claim, [PORT]) == "unsupported"
    assert verdict(claim, [PORT, replace(PARKS, place=1)]) == "supported"


def test_a_year_counts_where_the_document_says_its_own() -> None:
    source = "平台今年7月上线。"
    assert verdict("平台在2024年7月上线。", [Source(source, "2024")]) == "supported"
    assert verdict("平台在2024年7月上线。", [Source(source, None)]) == "unsupported"
    assert verdict("平台今年7月上线。", [Source(source, None)]) == "supported"
    assert verdict("平台今年7月上线。", [Source(source, "2024")]) == "supported"
    assert verdict("平台去年7月上线。", [Source(source, "2024")]) == "unsupported"


@pytest.mark.parametrize(
    ("places", "expected"),
    [
        ([("a", 3)], True),
        ([("a", 4), ("a", 3)], True),
        ([("a", 3), ("a", 5)], False),
        ([("a", 5), ("a", 3), ("a", 4)], True),
        ([("a", 3), ("b", 4)], False),
        ([("a", 3), ("a", 3)], False),
    ],
)
def test_only_sentences_in_a_row_tell_together(places: list[tuple[str, int]], expected: bool) -> None:
    told = [Source("甲有工厂。", None, document, place) for document, place in places]
    assert verdict("甲有工厂。", told) == ("supported" if expected else "unsupported")


def test_figures_follow_from_sentences_anywhere() -> None:
    told = [Source("甲有10家工厂。", place=1), Source("乙有20家工厂。", place=7)]
    assert verdict("甲和乙共有30家工厂。", told) == "derived"


def test_what_is_saved_is_told_by_a_sentence_of_changes_itself() -> None:
    beside = replace(PORT, text="相较于人工作业，效率提升超20%。", place=1)
    assert verdict("阳逻港省了39人。", [PORT, beside]) == "unsupported"
    assert verdict("阳逻港省了27人。", [PORT, beside]) == "derived"
