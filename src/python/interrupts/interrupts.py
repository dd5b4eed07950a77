"""Ctrl-C for a program: an exception in its own frames, even while it waits.

Waiting leaves the program's stack; callbacks of the event loop run meanwhile on stacks of their
own. An exception there would break the loop's state and leave the program waiting for ever. So
the signal is raised in the program's own frames; while the program waits, it ends the wait.
"""

import asyncio
import signal
import sys

import pyodide.ffi
import pyodide.webloop
from js import Promise

# Frames of the machinery below a program: Pyodide's event loop and its bridge.
_MACHINERY = ("/pyodide/", "/_pyodide/")
_STDLIB_MARK = ".zip"

_suspend = pyodide.ffi.run_sync


def is_machinery(filename):
    """Tell whether a file belongs to the machinery below a program."""
    return _STDLIB_MARK in filename and any(part in filename for part in _MACHINERY)


def install(waits, program):
    """Raise Ctrl-C in a program, and let it end what the program waits for.

    Parameters
    ----------
    waits
        The other side: `begin`, `wake` and `again`.
    program : code
        Of the function that runs programs.
    """

    def handler(_number, frame):
        """Raise KeyboardInterrupt."""
        library, machinery = True, False
        while frame is not None and frame.f_code is not program:
            name = frame.f_code.co_filename
            below = name == __file__ or is_machinery(name)
            library = library and (below or _STDLIB_MARK in name or name.startswith("<frozen"))
            # The machinery may have called the library; its part in C has no frame.
            machinery = machinery or (library and below)
            frame = frame.f_back
        if not machinery and (frame is not None or not library):
            raise KeyboardInterrupt
        # It is raised again in the program's own frames, or ends its wait, whichever comes first.
        waits.again()

    def run_sync(awaitable, /):
        """Block until an awaitable is resolved; Ctrl-C ends the wait."""
        task = asyncio.ensure_future(awaitable)
        try:
            wait_for_end(task)
        except BaseException:
            task.cancel()
            if not task.done():
                wait_for_end(task)
            raise
        return task.result()

    exits = []

    def leave(code):
        """Let a task that raised SystemExit end the program, which waits."""
        if waits.wake():
            exits.append(code)

    def wait_for_end(task):
        while True:
            wait = waits.begin(_end_of(task))
            try:
                _suspend(wait.over)
            finally:
                interrupted = wait.end()
            if not interrupted:
                return
            if exits:
                raise SystemExit(exits.pop())
            chosen = signal.getsignal(signal.SIGINT)
            if callable(chosen) and chosen is not handler:
                chosen(signal.SIGINT, sys._getframe())
            elif chosen is not signal.SIG_IGN:
                raise KeyboardInterrupt

    show_ignored = sys.unraisablehook

    def raise_again(ignored):
        """Raise Ctrl-C again that came where exceptions are ignored, as in weak references."""
        if ignored.exc_type is KeyboardInterrupt:
            waits.again()
        else:
            show_ignored(ignored)

    sys.unraisablehook = raise_again
    pyodide.ffi.run_sync = pyodide.webloop.run_sync = run_sync
    loop = asyncio.get_event_loop()
    loop._keyboard_interrupt_handler = waits.wake
    loop._system_exit_handler = leave
    report = loop.default_exception_handler

    def report_others(context):
        """Report what a task raised that nobody awaits; what ends the program is raised there."""
        if not isinstance(context.get("exception"), (SystemExit, KeyboardInterrupt)):
            report(context)

    loop.default_exception_handler = report_others
    signal.default_int_handler = handler
    signal.signal(signal.SIGINT, handler)


def _end_of(task):
    """Make a promise that resolves when a task ends, whether it fails or not."""
    end = Promise.withResolvers()
    task.add_done_callback(lambda _: end.resolve())
    return end.promise
