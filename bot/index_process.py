"""The index changed in a process of its own: building takes memory and cores that the bot needs for answering.

The bot loads nothing of the embedding model, and what dies while building dies alone; the index is swapped in whole
or not at all.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
from typing import TYPE_CHECKING

from index.errors import VerbatimError

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

    from index.build import BuildReport
    from index.settings import IndexSettings

NICENESS = 10
"""Who asks comes before what is built."""


def change(settings: IndexSettings, url: str | None) -> BuildReport:
    """Add the page at ``url`` to the index, or, without one, read the folder of articles anew. Takes as long as it takes.

    Raises:
        VerbatimError: as `index.build.add` and `rebuild` say.
        RuntimeError: the process died, or met an error that is a defect; its traceback went to standard error.
    """
    context = multiprocessing.get_context("spawn")  # a fork would take locks along that nobody opens in it
    receives, sends = context.Pipe(duplex=False)
    # A daemon: it ends with the bot.
    process = context.Process(target=_work, args=(sends, settings, url), name="verbatim-index", daemon=True)
    process.start()
    sends.close()
    outcome: BuildReport | VerbatimError | None = None
    with contextlib.suppress(EOFError, OSError):
        outcome = receives.recv()
    process.join()
    receives.close()
    if outcome is None:
        raise RuntimeError(f"the process that changes the index ended with status {process.exitcode}")
    if isinstance(outcome, VerbatimError):
        raise outcome
    return outcome


def _work(sends: Connection, settings: IndexSettings, url: str | None) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the bot, which takes this process with it
    if hasattr(os, "nice"):
        os.nice(NICENESS)
    from index.build import add, rebuild

    try:
        report = rebuild(settings) if url is None else add(settings, [url])
    except VerbatimError as error:
        sends.send(VerbatimError(str(error)))
    else:
        sends.send(report)
