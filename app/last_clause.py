"""What is asked at last: a question that points back is searched behind the one before it."""

from __future__ import annotations

import re

from app.talk import talk_of


def last_clause(question: str) -> str:
    """The last sentence of a question, thanks left out.

    >>> last_clause("园区有几个？ 那2023年呢？"), last_clause("园区有几个？谢谢！")
    ('那2023年呢？', '园区有几个？')
    """
    sentences = re.split(r"(?<=[？?！!。])\s*(?=\S)", question)
    return next((one for one in reversed(sentences) if not talk_of(one)), question)
