"""`wenju index`: collections of some files, and large ones that grow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import click

from app.alike import twins
from app.collections import Shelf
from app.commands import Bar
from app.engine import make_embedder, make_shelf
from app.errors import CollectionError
from app.filling import Filling, files_of, is_many, name_of
from app.holdings import delete, take_out
from app.settings import load_settings
from corpus import ArticleError, Layout, Omission, load_document

layout_option = click.option(
    "--layout",
    type=click.Choice(["wrapped", "plain", "markdown"]),
    help="How a text file's lines are meant: hard-wrapped as from a PDF, plain paragraphs, or Markdown. "
    "Default: detected.",
)

_NAMED = 10  # documents that were replaced; a changed file of JSON Lines may hold millions
_OMISSIONS: Mapping[Omission, str] = {
    "dropped_characters": "characters of menus, running headers, stamps or contents were left out",
    "pages_without_text": "page(s) are pictures and were not read",
}


@click.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("--collection", metavar="NAME", help="The collection's name.  [default: the first path's]")
@click.option(
    "--remove", "gone", metavar="ID", multiple=True, help="Take this document out of the collection."
)
@click.option("--strict", is_flag=True, help="Stop at a document of a large collection that cannot be read.")
@layout_option
def index(
    paths: tuple[Path, ...],
    collection: str | None,
    gone: tuple[str, ...],
    strict: bool,
    layout: Layout | None,
) -> None:
    """Make a collection of the text, Markdown, HTML, Word (.docx) or PDF files PATHS.

    It takes the place of one of that name. Files that hold the very same bytes are taken once.

    A folder, or a file of JSON Lines (.jsonl, also .gz, .xz or .zst: `id` and `text`, perhaps `title` and
    `date`), makes a large collection, which grows: the same command goes on where it was stopped, and puts in
    what is new. A document takes the place of one with its id. A file's is its name, or its path in the
    folder, without the ending: for files of one name in several folders, give the folder above those.
    """
    if bool(paths) == bool(gone):
        raise click.UsageError("Name files to put in, or documents to take out with --remove.")
    if gone and not collection:
        raise click.UsageError("Name the --collection that documents are taken out of.")
    settings = load_settings()
    embedder = make_embedder(settings)
    shelf = make_shelf(settings, embedder, Bar())
    if collection and gone:
        _take_out(shelf, collection, gone)
        return
    name = collection or name_of(paths[0].resolve())
    if not name:
        raise click.UsageError(f"{paths[0]} gives no name for a collection. Name it with --collection.")
    if shelf.is_large(name) or any(map(is_many, paths)):
        if layout:
            raise click.UsageError("--layout is for collections of single files.")
        _fill(shelf, name, paths, strict)
    else:
        if strict:
            raise click.UsageError("--strict is for large collections: a folder, or JSON Lines.")
        _make(shelf, name, paths, layout)
    click.echo(f"Ask it: wenju ask QUESTION --collection {name}")


def _take_out(shelf: Shelf, name: str, document_ids: Sequence[str]) -> None:
    there = shelf.stored_documents(name)
    for document_id in document_ids:
        if document_id not in there:
            raise CollectionError(f"{name!r} holds no document {document_id!r}; nothing was taken out.")
    take_out(shelf, name, document_ids)
    click.echo(f"{name}: {len(shelf.stored_documents(name)):,} document(s) are left.")


def _fill(shelf: Shelf, name: str, paths: Sequence[Path], strict: bool) -> None:
    files = files_of(*paths)
    if not files:
        raise CollectionError(f"{paths[0]} holds no file that can be read.")
    stopped = None
    with shelf.growing(name) as growing:
        filling = Filling(growing, shelf.limits, strict, Bar("Reading", "B"))
        try:
            filling.fill(files)
        except (ArticleError, CollectionError) as error:
            stopped = error  # what was put in before it can be asked all the same
        growing.finish()
    filled = filling.filled
    for fault in filled.faults:
        click.echo(f"passed over: {fault}", err=True)
    if filled.replaced:
        more = f" and {len(filled.replaced) - _NAMED:,} more" if len(filled.replaced) > _NAMED else ""
        click.echo(f"replaced: {', '.join(filled.replaced[:_NAMED])}{more}", err=True)
    built = shelf.open_stored(name)
    if not built.documents:
        delete(shelf, name)
        raise stopped or CollectionError(f"nothing of it could be read; there is no collection {name!r}.")
    if stopped:
        raise stopped
    click.echo(
        f"{name}: {len(built.documents):,} document(s), {len(built.passages):,} passages; "
        f"{filled.added:,} put in, {len(filled.replaced):,} replaced, {filled.same:,} in already, "
        f"{len(filled.faults):,} passed over."
    )


def _make(shelf: Shelf, name: str, paths: Sequence[Path], layout: Layout | None) -> None:
    read = [load_document(path, layout, shelf.limits) for path in paths]
    same = twins(read)
    documents = [document for i, document in enumerate(read) if i not in same]
    built = shelf.add(name, documents)
    click.echo(f"{name}: {len(documents)} document(s), {len(built.passages)} passages.")
    for i, first in same.items():
        click.echo(f"{paths[i]}: the same file as {paths[first]}, taken once.")
    for document in documents:
        for omission, count in document.omissions.items():
            click.echo(f"{document.id}: {count:,} {_OMISSIONS[omission]}.")
