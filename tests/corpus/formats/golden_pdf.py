"""PDF files with the blocks that a reader of them would write down, and the page of each."""

from __future__ import annotations

from tests.corpus.formats.make_pdf import BOLD, LATIN, MING, Column, Pdf

_BRIDGE = (
    "昨天上午，新桥正式通车，老人和孩子都来看热闹，两岸的广场上站满了人。",
    "桥长800米，造价3.9亿元，历时两年建成，由甲公司设计，乙公司施工，沿线设有三个公交车站和两条骑行道，"
    "每天预计有四万辆车从桥上经过。",
    "项目负责人在通车仪式上说，修桥的难处在于江底的流沙。",
    "工人们先打下一百二十根桩，再从两岸同时架梁。到了夏天，江水上涨，工地停工一个月。",
    "秋天复工以后，桥梁在江心合龙，误差只有两毫米。",
)


def two_pages() -> bytes:
    """Chinese in one column over two pages: headers, page numbers, a paragraph across the page break."""
    pdf = Pdf()
    column = Column(72, 451)
    for page in (1, 2):
        pdf.put(72, 800, "新禾日报 2024年5月3日", size=9)
        pdf.put(290, 40, f"- {page} -", size=9)
        if page == 1:
            pdf.put(72, 750, "新桥通车", size=20)
            y = pdf.text(column, 715, _BRIDGE[0], indent=2)
            y = pdf.text(column, y, _BRIDGE[1], indent=2)
            pdf.put(72, y - 14, "怎么建的", size=14)
            # The second sentence begins on page 1 and ends on page 2.
            pdf.put(94, 110, "项目负责人在通车仪式上说，修桥的难处在于江底的流沙。工人们先打下一百二十根桩，")
            pdf.new_page()
        else:
            pdf.put(72, 760, "再从两岸同时架梁。到了夏天，江水上涨，工地停工一个月。")
            pdf.text(column, 743.5, _BRIDGE[4], indent=2)
            pdf.new_page()
    return pdf.bytes()


TWO_PAGES_BLOCKS = [
    ("title", "新桥通车", 1),
    ("paragraph", _BRIDGE[0], 1),
    ("paragraph", _BRIDGE[1], 1),
    ("heading", "怎么建的", 1),
    ("paragraph", _BRIDGE[2] + "工人们先打下一百二十根桩，再从两岸同时架梁。", 1),
    ("paragraph", "到了夏天，江水上涨，工地停工一个月。", 2),
    ("paragraph", _BRIDGE[4], 2),
]
TWO_PAGES_DROPPED = 2 * (len("新禾日报2024年5月3日") + len("-1-"))

_ENGLISH = (
    "The harbour bridge was opened on a windy Fri\u00adday in May, and the whole town came to see the "
    "first cars cross it. It is eight hun\u00addred metres long and it carries a state-of-the-art railway on "
    "its lower deck.",
    "Its cost of 3.9 million dol\u00adlars is twice the estimate of the coun\u00adcil, which had not "
    "reck\u00adoned with the sand below the river bed, nor with the price of steel in the year of the war.",
    "The engi\u00adneers drove one hun\u00addred and twenty piles into the sand and built from both banks at "
    "once. In the sum\u00admer the water rose and the works were closed for a month.",
    "In autumn the two halves met in the mid\u00addle of the river, and they were two milli\u00admetres "
    "apart, which nobody had thought possible.",
)


def two_columns() -> bytes:
    """English in two columns under a title that crosses both; words are cut at line ends."""
    pdf = Pdf()
    pdf.put(72, 770, "The Harbour Bridge and What It Cost the Town", BOLD, 18)
    left, right = Column(72, 215, LATIN, 10), Column(308, 215, LATIN, 10)
    pdf.put(72, 730, "1 Introduction", BOLD, 12)
    y = pdf.text(left, 710, _ENGLISH[0])
    pdf.text(left, y, _ENGLISH[1], indent=1.5)
    pdf.put(308, 730, "2 Construction", BOLD, 12)
    y = pdf.text(right, 710, _ENGLISH[2])
    pdf.text(right, y, _ENGLISH[3], indent=1.5)
    pdf.put(290, 30, "17", LATIN, 9)
    return pdf.bytes()


_PLAIN = [text.replace("\u00ad", "") for text in _ENGLISH]
TWO_COLUMNS_BLOCKS = [
    ("title", "The Harbour Bridge and What It Cost the Town", 1),
    ("heading", "1 Introduction", 1),
    ("paragraph", _PLAIN[0], 1),
    ("paragraph", _PLAIN[1], 1),
    ("heading", "2 Construction", 1),
    ("paragraph", _PLAIN[2], 1),
    ("paragraph", _PLAIN[3], 1),
]


def table_and_list() -> bytes:
    """A table, a list and a caption in Chinese; what is set last in the file stands first on the page."""
    pdf = Pdf()
    rows = [("年份", "进度", "投资"), ("2022", "开工", "1亿元"), ("2023", "合龙", "2亿元")]
    for i, row in enumerate(rows):
        for x, cell in zip((72, 220, 370), row, strict=True):
            pdf.put(x, 560 - 18 * i, cell)
    pdf.put(180, 590, "表1 新桥的进度与投资", size=10)
    pdf.put(72, 680, "新桥分三步建成：")
    for i, item in enumerate(("先修两岸的道路；", "再打桩、架梁；", "最后铺桥面。")):
        pdf.put(72, 660 - 18 * i, f"{i + 1}. {item}")
    pdf.text(Column(72, 451), 480, "以上数字由新禾镇公布，投资不含两岸的道路。")
    pdf.put(72, 740, "新桥的三步", size=18)
    return pdf.bytes()


TABLE_AND_LIST_BLOCKS = [
    ("title", "新桥的三步", 1),
    ("paragraph", "新桥分三步建成：", 1),
    ("item", "先修两岸的道路；", 1),
    ("item", "再打桩、架梁；", 1),
    ("item", "最后铺桥面。", 1),
    ("caption", "表1新桥的进度与投资", 1),
    ("item", "年份：2022；进度：开工；投资：1亿元", 1),
    ("item", "年份：2023；进度：合龙；投资：2亿元", 1),
    ("paragraph", "以上数字由新禾镇公布，投资不含两岸的道路。", 1),
]

_TRADITIONAL = (
    "新禾鎮的老茶廠關了二十年。去年春天，鎮裡把它修成了一座書房，曬場上擺著三百個書架，每天開到夜裡九點。",
    "書房裡有一萬冊書，都是鎮上的人捐的。",
    "孩子們放學以後來寫作業，老人來看報紙，茶廠的老師傅每個星期六來講做茶的故事，講完了請大家喝一杯。",
    "明年還要在二樓開一間放映室。",
)


def newspaper() -> bytes:
    """Traditional Chinese in two columns, with a heading inside the second."""
    pdf = Pdf()
    pdf.put(180, 770, "老茶廠成了書房", MING, 24)
    left, right = Column(72, 209, MING), Column(314, 209, MING)
    y = pdf.text(left, 720, _TRADITIONAL[0], indent=2)
    pdf.text(left, y, _TRADITIONAL[1], indent=2)
    y = pdf.text(right, 720, _TRADITIONAL[2], indent=2)
    pdf.put(314, y - 10, "以後", MING, 14)
    pdf.text(right, y - 32, _TRADITIONAL[3], indent=2)
    return pdf.bytes()


NEWSPAPER_BLOCKS = [
    ("title", "老茶廠成了書房", 1),
    ("paragraph", _TRADITIONAL[0], 1),
    ("paragraph", _TRADITIONAL[1], 1),
    ("paragraph", _TRADITIONAL[2], 1),
    ("heading", "以後", 1),
    ("paragraph", _TRADITIONAL[3], 1),
]
