"""The command line: parse, wire, show."""

from __future__ import annotations

import json
import logging
import sys
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path
from typing import Any

import click

from app.answer import Answer, Place
from app.collection_names import SHIPPED
from app.commands import Bar, Commands, prepare, writer_option
from app.engine import (
    make_conversations,
    make_embedder,
    make_pipeline,
    make_shelf,
    make_writers,
    open_pipeline,
)
from app.index_command import index, layout_option
from app.library import Library
from app.model_commands import models
from app.pipeline import Pipeline
from app.prompt_commands import prompts
from app.questions import resolve
from app.settings import Settings, home, load_settings
from app.talk import IN_REPLY
from app.users import read_users, user_line
from corpus import Layout
from eval.commands import evaluate
from index import EmbeddingModel

log = logging.getLogger(__name__)

_collection = click.option(
    "--collection",
    default=SHIPPED,
    metavar="NAME|FILE",
    help="A collection made with `wenju index`, or a text, Markdown, HTML, Word (.docx) or PDF file. "
    "Default: the shipped article.",
)
_json = click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="wenju")
@click.option("--debug", is_flag=True, help="Show what happens, and the cause of an unexpected error.")
def main(debug: bool) -> None:
    """Ask an article; see the evidence.

    Wenju answers from the article alone and puts the number of the exact source sentence behind
    every statement. It runs on this machine, offline.

    \b
    wenju chat                                   the chat page, over the shipped article
    wenju ask 武汉市数据局是什么时候成立的？       one question, answered here
    wenju ask "…" --collection notes.md          over a file of your own
    wenju index a.pdf b.docx --collection mine   keep several files as one collection
    wenju eval run article-dev                   how good the answers to a question set are
    wenju models fetch qwen2.5-coder-0.5b        a language model's file, from the network
    wenju prompts show                           what language models are told
    wenju password NAME >> users                 let NAME sign in: wenju chat --auth users

    Settings are read from settings.toml in the data folder and from WENJU_* variables
    (WENJU_RETRIEVAL__TOP_K=8). The data folder is WENJU_HOME or the platform's own.
    """
    prepare(debug)


main.add_command(evaluate)
main.add_command(index)
main.add_command(models)
main.add_command(prompts)


@main.command()
@_collection
@layout_option
@click.option(
    "--host",
    help="The address to serve on. The page answers to it, to this machine's loopback names, with 0.0.0.0 "
    "or :: to every address in digits, and to the names in the setting chat.hosts.  [default: 127.0.0.1]",
)
@click.option("--port", type=click.IntRange(1, 65535), help="The port to serve on.  [default: 7860]")
@click.option(
    "--auth",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Let those in who are in FILE, each to conversations of their own. A line is "
    "name:scrypt$N$r$p$salt$hash; `wenju password NAME` makes one.",
)
@writer_option
@click.option("--browser/--no-browser", default=True, help="Open the page in a browser.")
def chat(collection: str, layout: Layout | None, auth: Path | None, browser: bool, **chosen: Any) -> None:
    """Serve the chat page, with the article beside it. Each visitor may choose another writer there."""
    # The other commands never load the page.
    from app.web.server import Served, check_port, serve
    from eval.workbench import Workbench

    settings = load_settings(chosen.pop("writer"))
    place = replace(settings.chat, **{name: value for name, value in chosen.items() if value})
    check_port(place)
    users = read_users(auth) if auth else None
    if users is None and not place.is_local:
        log.warning(
            "whoever reaches %s may ask and read every conversation; let in by name: --auth FILE", place.host
        )
    conversations = make_conversations(settings)
    embedder = make_embedder(settings)
    shelf = make_shelf(settings, embedder, Bar())
    writers = make_writers(settings)
    library = Library(shelf, partial(open_pipeline, settings, embedder, writers.own), collection, layout)
    bench = Workbench(library, embedder, settings, home(), library.first)

    def ready() -> None:
        click.echo(f"Wenju: http://{place.url_host}:{place.port}  (Ctrl+C to stop)")
        library.begin()  # the page waits for neither index nor models; the first question does

    serve(Served(bench, writers, conversations, users), place, browser, ready)


@main.command()
@click.argument("name")
def password(name: str) -> None:
    """Print the line that lets NAME sign in, for the file of `wenju chat --auth FILE`.

    The password is asked for twice and not shown. Where standard input is no terminal, it is its first line.
    """
    if sys.stdin.isatty():
        text = click.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
    else:
        text = sys.stdin.readline().rstrip("\r\n")
    click.echo(user_line(name, text))


@main.command()
@click.argument("question")
@_collection
@layout_option
@writer_option
@_json
def ask(question: str, collection: str, layout: Layout | None, writer: str | None, as_json: bool) -> None:
    """Answer QUESTION and print the sentences it stands on. "-" reads it from standard input."""
    asked = sys.stdin.read().strip() if question == "-" else question
    resolve(asked)  # a question that cannot be asked fails before anything is loaded
    embedder, pipeline = _open(load_settings(writer), collection, layout)
    embedder.load()
    pipeline.reader.load()  # so that the answer's timings are of the answer alone
    answer = pipeline.answer(asked)
    click.echo(json.dumps(answer.to_json(), ensure_ascii=False, indent=2) if as_json else _shown(answer))


@main.command()
@click.argument("query")
@_collection
@layout_option
@_json
def search(query: str, collection: str, layout: Layout | None, as_json: bool) -> None:
    """Print the passages found for QUERY, best first, without answering."""
    resolve(query)
    _, pipeline = _open(load_settings(), collection, layout)
    hits = pipeline.search(query)
    if as_json:
        click.echo(json.dumps([asdict(hit) for hit in hits], ensure_ascii=False, indent=2))
        return
    for hit in hits:
        ranks = f"dense {hit.ranks.dense or '-'}, lexical {hit.ranks.lexical or '-'}"
        click.echo(f"{hit.rank}. {hit.document_id} {hit.passage_id} [{hit.start}:{hit.end}]  {ranks}")
        click.echo(f"   {hit.text.replace(chr(10), ' / ')}\n")
    if not hits:
        click.echo("Nothing found.")


def _open(settings: Settings, collection: str, layout: Layout | None) -> tuple[EmbeddingModel, Pipeline]:
    """The embedding model, not loaded yet, and the pipeline over a collection."""
    embedder = make_embedder(settings)
    shelf = make_shelf(settings, embedder, Bar())
    return embedder, make_pipeline(settings, shelf, collection, layout)


def _shown(answer: Answer) -> str:
    """An Answer for a terminal: the reply, then the sentences with where each stands."""
    lines = [answer.answer]
    lines += [f"({note.text})" for note in answer.notes if note.code not in IN_REPLY]
    for citation in answer.citations:
        lines += ["", f"[{citation.number}] {_where(citation)}", f"    {citation.quote}"]
    for place in answer.nearest:
        lines += ["", f" ·  {_where(place)}", f"    {place.quote}"]
    return "\n".join(lines)


def _where(place: Place) -> str:
    return f"{place.document_title} > {place.part} > {place.sentence_id} [{place.start}:{place.end}]"
