"""What every command line of the house shares: failures in one line, a quiet log."""

from __future__ import annotations

import logging
import os
import sys
from typing import Any, NoReturn

import click
from tqdm import tqdm

from corpus import WenjuError

log = logging.getLogger(__name__)

writer_option = click.option(
    "--writer",
    metavar="NAME",
    help="Who writes replies: extractive, llama:NAME, transformers:NAME or openai:NAME.  "
    "[default: the setting writer.use]",
)


class Commands(click.Group):
    """Failures that a user can mend are one line and exit code 1."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command that was named."""
        try:
            return super().invoke(ctx)
        except WenjuError as error:
            raise click.ClickException(str(error)) from error
        except (click.ClickException, click.exceptions.Exit, click.Abort, BrokenPipeError):
            raise
        except Exception as error:
            log.debug("unexpected error", exc_info=True)
            raise click.ClickException(
                f"unexpected {type(error).__name__}: {error}. Run again with --debug for the details."
            ) from error


def prepare(debug: bool) -> None:
    """Set up the log, and keep the model libraries quiet and offline in what they tell."""
    level = logging.DEBUG if debug else logging.WARNING
    logging.basicConfig(level=logging.WARNING, format="wenju: %(message)s", stream=sys.stderr)
    for room in ("app", "index", "corpus", "eval"):
        logging.getLogger(room).setLevel(level)
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")


class Bar:
    """A progress bar over texts or bytes ("B") that appears with the first progress."""

    def __init__(self, what: str = "Building the index", unit: str = " texts") -> None:
        self._what, self._unit = what, unit
        self._bar: tqdm[NoReturn] | None = None

    def __call__(self, done: int, total: int) -> None:
        """Show that `done` of `total` are done."""
        if self._bar is None:
            self._bar = tqdm(
                desc=self._what,
                unit=self._unit,
                unit_scale=self._unit == "B",
                total=total,
                initial=done,  # what an earlier fetch has left was not done at this one's speed
                leave=False,
                disable=None,
            )
        self._bar.update(done - self._bar.n)
        if done == total:
            self.close()

    def close(self) -> None:
        """Take the bar from the screen."""
        if self._bar is not None:
            self._bar.close()
            self._bar = None
