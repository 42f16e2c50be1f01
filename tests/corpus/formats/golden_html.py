"""Web pages with the blocks that a reader of them would write down."""

from __future__ import annotations

NEWS = """\
<!doctype html>
<html lang="zh"><head><meta charset="utf-8"><title>新桥通车 - 新禾日报</title>
<style>.lead { color: red }</style><script>var tracking = "不应出现";</script></head>
<body>
<div id="cookie-banner">本站使用 Cookie 改善体验，继续浏览即表示同意。<button>同意</button></div>
<nav><ul><li><a href="/">首页</a></li><li><a href="/n">要闻</a></li><li><a href="/s">体育</a></li></ul></nav>
<div class="crumb"><a href="/">首页</a> &gt; <a href="/n">要闻</a></div>
<div class="detail">
<h1>新桥通车</h1>
<p>昨天上午，<b>新桥</b>正式通车，老人
都来看。造价3.9亿元，历时两年。</p>
<p style="display: none">隐藏的一句话。</p>
<h2>怎么建的</h2>
<p>桥由甲公司设计，乙公司施工<sup>[1]</sup>，两岸各有一个广场。</p>
<ul><li>先修路</li><li>再架桥<ol><li>桥墩</li><li>桥面</li></ol></li></ul>
<table><caption>表 1 工程进度</caption>
<thead><tr><th>年份</th><th>进度</th><th>投资</th></tr></thead>
<tr><td rowspan="2">2022</td><td>开工</td><td>1亿元</td></tr>
<tr><td>架梁</td><td>1.2亿元</td></tr>
<tr><td>2023</td><td>合龙</td><td>1.7亿元</td></tr></table>
<figure><img src="a.jpg" alt="桥"><figcaption>新桥的夜景。</figcaption></figure>
<blockquote><p>“桥是大家的。”</p></blockquote>
<h2>以后</h2><p>明年还要修第二座桥。</p>
</div>
<div class="related"><h3>相关新闻</h3><ul><li><a href="1">旧桥拆除</a></li><li><a href="2">老桥的故事</a></li>
</ul></div>
<footer>版权所有 新禾日报</footer>
</body></html>
"""
NEWS_BLOCKS = [
    ("title", "新桥通车"),
    ("paragraph", "昨天上午，新桥正式通车，老人都来看。造价3.9亿元，历时两年。"),
    ("heading", "怎么建的"),
    ("paragraph", "桥由甲公司设计，乙公司施工，两岸各有一个广场。"),
    ("item", "先修路"),
    ("item", "再架桥"),
    ("item", "桥墩"),
    ("item", "桥面"),
    ("caption", "表1工程进度"),
    ("item", "年份：2022；进度：开工；投资：1亿元"),
    ("item", "年份：2022；进度：架梁；投资：1.2亿元"),
    ("item", "年份：2023；进度：合龙；投资：1.7亿元"),
    ("caption", "新桥的夜景。"),
    ("paragraph", "“桥是大家的。”"),
    ("heading", "以后"),
    ("paragraph", "明年还要修第二座桥。"),
]
# 本站使用Cookie改善体验，继续浏览即表示同意。 25; 首页要闻体育 6; 首页>要闻 5; 相关新闻旧桥拆除老桥的故事 13;
# 版权所有新禾日报 8. The button is a control, not text.
NEWS_DROPPED = 25 + 6 + 5 + 13 + 8

ARTICLE = """\
<html><head><title>Harbour Bridge opens | The Harbour Times</title></head><body>
<header class="site"><a href="/">The Harbour Times</a> <a href="/news">News</a>
<a href="/sport">Sport</a></header>
<main>
<article>
<header><h1>Harbour Bridge opens</h1><p>By Ann Lee, 3 May 2024</p></header>
<p>The bridge opened on Friday. It cost $3.9 million,
which is <em>twice</em> the first estimate.</p>
<!-- an editor's remark -->
<aside><p>The first bridge stood for ninety years.</p></aside>
<section id="related-work"><h2>Earlier bridges</h2>
<p>Two older bridges crossed the harbour at the same place, and both of them were lost to storms before 1950.
They are told of in the town's museum.</p></section>
<table><tr><th>Year</th><th>Trips</th></tr><tr><td>2022</td><td>1,200</td></tr><tr><td>2023</td><td>4,100</td></tr></table>
<dl><dt>Length</dt><dd>800 metres</dd></dl>
<details><summary>Sources</summary><p>The figures are the council's.</p></details>
<div hidden>secret words</div><span aria-hidden="true">decoration</span>
<noscript>Please enable scripts.</noscript>
</article>
<section class="comments"><p>First!</p></section>
</main>
<div class="newsletter"><p>Sign up for our newsletter.</p></div>
</body></html>
"""
ARTICLE_BLOCKS = [
    ("title", "Harbour Bridge opens"),
    ("paragraph", "By Ann Lee, 3 May 2024"),
    ("paragraph", "The bridge opened on Friday. It cost $3.9 million, which is twice the first estimate."),
    ("paragraph", "The first bridge stood for ninety years."),
    ("heading", "Earlier bridges"),
    (
        "paragraph",
        "Two older bridges crossed the harbour at the same place, and both of them were lost to storms "
        "before 1950. They are told of in the town's museum.",
    ),
    ("item", "Year: 2022; Trips: 1,200"),
    ("item", "Year: 2023; Trips: 4,100"),
    ("item", "Length"),
    ("item", "800 metres"),
    ("paragraph", "Sources"),
    ("paragraph", "The figures are the council's."),
]

# A page of about 2003: layout by tables, paragraphs by line breaks and indentation, GB2312.
OLD = """\
<html><head><meta http-equiv="Content-Type" content="text/html; charset=gb2312">
<title>老茶厂的书房_新禾网</title></head><body>
<table width="760"><tr><td><a href="/">首页</a> <a href="/2">新闻</a> <a href="/3">论坛</a></td></tr></table>
<table width="760"><tr><td>
<center><font size="5">老茶厂的书房</font></center><br>
<br>　　新禾镇的老茶厂关了二十年。<br>　　去年春天，镇里把它修成了一座书房，晒场上摆着
三百个书架。<br><br>书房每天开到夜里九点。
</td></tr></table>
</body></html>
"""
OLD_BLOCKS = [
    ("title", "老茶厂的书房"),
    ("paragraph", "老茶厂的书房"),
    ("paragraph", "新禾镇的老茶厂关了二十年。"),
    ("paragraph", "去年春天，镇里把它修成了一座书房，晒场上摆着三百个书架。"),
    ("paragraph", "书房每天开到夜里九点。"),
]

TRADITIONAL = """\
<html><head><meta charset="big5"><title>書房</title></head><body>
<h1>老茶廠的書房</h1>
<p>新禾鎮的老茶廠關了二十年。去年春天，鎮裡把它修成了一座書房，曬場上擺著三百個書架。</p>
<h2>開放時間</h2><ul><li>平日開到九點</li><li>假日開到十點</li></ul>
</body></html>
"""
TRADITIONAL_BLOCKS = [
    ("title", "老茶廠的書房"),
    ("paragraph", "新禾鎮的老茶廠關了二十年。去年春天，鎮裡把它修成了一座書房，曬場上擺著三百個書架。"),
    ("heading", "開放時間"),
    ("item", "平日開到九點"),
    ("item", "假日開到十點"),
]
