"""Signing in: what Gradio asks about a name and a password."""

from __future__ import annotations

import asyncio

from app.users import Users

_PAUSE = 1.0  # seconds after a wrong password, in which nobody tries the same name: 86,400 guesses a day
_TURNS = 64  # names that share one wait for each other; how many names are tried costs no memory


class SignIn:
    """The door-keeper: one guess at a time for a name, one hash at a time for this machine's memory."""

    def __init__(self, users: Users) -> None:
        self._users = users
        # By the name's hash, known or not: how long an answer takes does not tell which names there are.
        self._turns = tuple(asyncio.Lock() for _ in range(_TURNS))
        self._hashing = asyncio.Lock()

    async def check(self, name: str, password: str) -> bool:
        """Whether they may come in. A refusal takes its time."""
        async with self._turns[hash(name) % _TURNS]:
            async with self._hashing:
                known = await asyncio.to_thread(self._users.admit, name, password)
            if not known:
                await asyncio.sleep(_PAUSE)
        return known
