"""How right a short answer is: exact match and F1 under three published definitions.

Every function takes the prediction and its golds and gives the best over the golds, 0..1. No prediction
is the empty string and scores 0.
"""

from __future__ import annotations

import re
import string
from collections import Counter
from collections.abc import Callable, Sequence
from difflib import SequenceMatcher
from functools import lru_cache

from eval.matching import normalize

# The marks that the CMRC 2018 script removes (cmrc2018_evaluate.py, `sp_char`). Its `……` is two characters
# long and never equals one; the script leaves both in the text, and so is it here.
_CMRC_MARKS = frozenset("-:_*^/\\~`+=，。：？！“”；’《》·、「」（）－～『』")
_IDEOGRAPH = re.compile("[\u4e00-\u9fa5]")  # the script's range
_ARTICLES = re.compile(r"\b(a|an|the)\b")


def exact_match(prediction: str, golds: Sequence[str]) -> float:
    """1 when prediction and a gold are the same without the script's marks (CMRC 2018, v5 script)."""
    return float(bool(prediction) and any(_unmarked(prediction) == _unmarked(gold) for gold in golds))


def f1(prediction: str, golds: Sequence[str]) -> float:
    """F1 over the longest common run of segments (CMRC 2018, v5 script)."""
    return _best(prediction, golds, _run_f1)


def f1_characters(prediction: str, golds: Sequence[str]) -> float:
    """F1 over bags of characters, as texts are matched in every other metric."""
    return _best(prediction, golds, lambda a, b: _bag_f1(normalize(a), normalize(b)))


def squad_exact_match(prediction: str, golds: Sequence[str]) -> float:
    """1 when prediction and a gold are the same, normalised as by the SQuAD 1.1 script."""
    plain = _squad_tokens(prediction)
    return float(bool(prediction) and any(plain == _squad_tokens(gold) for gold in golds))


def squad_f1(prediction: str, golds: Sequence[str]) -> float:
    """F1 over bags of words parted by white space (Rajpurkar et al. 2016, section 6.1)."""
    return _best(prediction, golds, lambda a, b: _bag_f1(_squad_tokens(a), _squad_tokens(b)))


def _best(prediction: str, golds: Sequence[str], measure: Callable[[str, str], float]) -> float:
    return max((measure(prediction, gold) for gold in golds), default=0.0) if prediction else 0.0


def _run_f1(prediction: str, gold: str) -> float:
    a, b = cmrc_segments(prediction), cmrc_segments(gold)
    run = SequenceMatcher(None, a, b, autojunk=False).find_longest_match().size
    return _f1(run, len(a), len(b))


def _bag_f1(prediction: Sequence[str], gold: Sequence[str]) -> float:
    return _f1((Counter(prediction) & Counter(gold)).total(), len(prediction), len(gold))


def _f1(shared: int, predicted: int, gold: int) -> float:
    """The harmonic mean of shared / predicted and shared / gold."""
    return 2 * shared / (predicted + gold) if shared else 0.0


@lru_cache(maxsize=4096)  # golds come again under every condition
def cmrc_segments(text: str) -> list[str]:
    """Ideographs one by one, what stands between them in words, the script's marks left out.

    >>> cmrc_segments("2018年，CMRC data")
    ['2018', '年', 'cmrc', 'data']
    """
    from nltk.tokenize import NLTKWordTokenizer  # half a second of import: only for sets with short answers

    kept = _unmarked(text)
    segments: list[str] = []
    for part in re.split(f"({_IDEOGRAPH.pattern})", kept):
        segments += [part] if _IDEOGRAPH.fullmatch(part) else NLTKWordTokenizer().tokenize(part)
    return segments


def _unmarked(text: str) -> str:
    return "".join(character for character in text.lower().strip() if character not in _CMRC_MARKS)


def _squad_tokens(text: str) -> list[str]:
    bare = "".join(character for character in text.lower() if character not in string.punctuation)
    return _ARTICLES.sub(" ", bare).split()
