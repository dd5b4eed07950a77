"""Runs a program in ``__main__`` as the ``python`` command does, and answers its exit code."""

import atexit
import builtins
import errno
import io
import linecache
import os
import sys
import time
import types

import pyodide.ffi
from pyodide.ffi import can_run_sync

import _forge3d_interrupts as interrupts
from _forge3d_exit_codes import (
    EXIT_BROKEN_PIPE,
    EXIT_DONE,
    EXIT_FAILED,
    EXIT_INTERRUPTED,
    EXIT_USAGE,
)

_hint = None

# Where modules lie that are not a program's own; the standard library is an archive.
_libraries = ()
_STDLIB_MARK = ".zip"


def prepare(environment, folder, package_folder, bytecode, after, waits, hint):
    """Give a fresh or thawed interpreter the caller's environment, folder and streams."""
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    wanted = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    sys.path[:] = [entry for entry in (*wanted, *sys.path) if entry]
    if package_folder not in sys.path:
        sys.path.append(package_folder)
    sys.dont_write_bytecode = not (bytecode and bytecode.isWritable)
    if bytecode:
        sys.pycache_prefix = bytecode.folder
    global _hint, _libraries
    _hint = hint
    packages = os.path.dirname(__file__)
    _libraries = (os.path.join(package_folder, "forge3d", ""), os.path.join(packages, ""))
    time.sleep = _sleeper(after)
    if waits:
        interrupts.install(waits, run.__code__)
    # A thawed interpreter remembers the random state of the one that was frozen.
    sys.modules["random"].seed()
    sys.excepthook = sys.__excepthook__
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        setattr(sys, name, _open_stream(name, mode))
        setattr(sys, f"__{name}__", getattr(sys, name))


def compile_package(folder):
    """Compile a package's modules into the cache of compiled modules."""
    import compileall

    compileall.compile_dir(os.path.join(folder, "forge3d"), quiet=2)


def report_interrupt():
    """Report Ctrl-C that came when no line of a program was running; answer the exit code."""
    _flush()
    print("KeyboardInterrupt", file=sys.stderr)
    return EXIT_INTERRUPTED


def _open_stream(name, mode):
    fd = ("stdin", "stdout", "stderr").index(name)
    raw = io.FileIO(fd, mode, closefd=False)
    unbuffered = mode == "w" and (bool(os.environ.get("PYTHONUNBUFFERED")) or name == "stderr")
    buffer = io.BufferedReader(raw) if mode == "r" else io.BufferedWriter(raw)
    raw.name = f"<{name}>"
    stream = io.TextIOWrapper(
        buffer,
        encoding="utf-8",
        errors="backslashreplace" if name == "stderr" else "surrogateescape",
        newline=None if mode == "r" else "\n",
        line_buffering=mode == "w",
        write_through=unbuffered,
    )
    stream.mode = mode
    return stream


def _sleeper(after):
    plain = time.sleep

    def sleep(seconds, /):
        """Suspend for a time; Ctrl-C wakes the sleeper early."""
        if seconds < 0:
            raise ValueError("sleep length must be non-negative")
        if can_run_sync():
            pyodide.ffi.run_sync(after(seconds * 1000))
        else:
            plain(seconds)

    return sleep


def run(kind, target, arguments):
    """Run a program to its end and answer the exit code.

    Parameters
    ----------
    kind : {"script", "code", "module", "stdin"}
        What `target` is.
    target : str
        A path, source text, or the name of a module; unused for ``"stdin"``.
    arguments : list of str
        What follows it on the command line.
    """
    runners = {"script": _run_script, "code": _run_code, "module": _run_module, "stdin": _run_stdin}
    try:
        code = _exit_code(lambda: runners[kind](target, arguments))
        code = _exit_code(atexit._run_exitfuncs) or code
    finally:
        broken = _flush()
    return EXIT_BROKEN_PIPE if broken and code == EXIT_DONE else code


def _run_script(path, arguments):
    sys.argv[:] = [path, *arguments]
    full = os.path.abspath(path)
    if os.path.isdir(full) or _is_archive(full):
        import runpy

        sys.path.insert(0, full)
        runpy._run_module_as_main("__main__", False)
        return
    try:
        with open(full, "rb") as file:
            source = file.read()
    except OSError as error:
        # Error numbers of this platform differ from the usual ones, which the message uses.
        number = {errno.ENOENT: 2, errno.EACCES: 13}.get(error.errno, error.errno)
        reason = f"[Errno {number}] {error.strerror}"
        print(f"python: can't open file {full!r}: {reason}", file=sys.stderr)
        raise SystemExit(EXIT_USAGE) from None
    sys.path.insert(0, os.path.dirname(os.path.realpath(full)))
    _execute(source, full, file=full)


def _run_code(source, arguments):
    sys.argv[:] = ["-c", *arguments]
    sys.path.insert(0, "")
    _execute(source, "<string>")


def _run_stdin(_target, arguments):
    sys.argv[:] = ["-", *arguments]
    sys.path.insert(0, "")
    _execute(sys.stdin.buffer.read(), "<stdin>")


def _run_module(name, arguments):
    import runpy

    sys.argv[:] = ["-m", *arguments]
    sys.path.insert(0, os.getcwd())
    runpy._run_module_as_main(name)


def _is_archive(path):
    import zipfile

    return os.path.isfile(path) and not path.endswith(".py") and zipfile.is_zipfile(path)


def _execute(source, name, file=None):
    module = types.ModuleType("__main__")
    module.__builtins__ = builtins
    if file is None:
        text = source if isinstance(source, str) else source.decode("utf-8", "replace")
        # There is no file: keep the source, so that tracebacks can show its lines.
        linecache.cache[name] = (len(text), None, text.splitlines(keepends=True), name)
    else:
        from importlib.machinery import SourceFileLoader

        module.__file__ = file
        module.__cached__ = None
        module.__loader__ = SourceFileLoader("__main__", file)
    sys.modules["__main__"] = module
    exec(compile(source, name, "exec", dont_inherit=True), module.__dict__)


def _exit_code(action):
    try:
        action()
    except SystemExit as error:
        return _system_exit_code(error)
    except KeyboardInterrupt as error:
        if not any(_is_program(tb.tb_frame) for tb in _frames(error.__traceback__)):
            return report_interrupt()
        _cut_at_import(error)
        _show(error)
        return EXIT_INTERRUPTED
    except BaseException as error:
        _show(error)
        return EXIT_FAILED
    return EXIT_DONE


def _cut_at_import(error):
    """Leave out of an interrupt what a module that is not the program's was about to do."""
    kept = []
    for tb in _frames(error.__traceback__):
        if _is_import(tb.tb_frame.f_code):
            break
        kept.append(tb)
    else:
        return
    # What the import was handling is no more the program's than its frames.
    error.__suppress_context__ = True
    BaseException.with_traceback(error, _linked(kept))


def _is_import(code):
    name = code.co_filename
    if name.startswith("<frozen importlib"):
        return True
    return code.co_name == "<module>" and (_STDLIB_MARK in name or name.startswith(_libraries))


def _system_exit_code(error):
    code = error.code
    if code is None:
        return EXIT_DONE
    if isinstance(code, int):
        return code & 0xFF
    _flush()
    print(code, file=sys.stderr)
    return EXIT_FAILED


def _show(error):
    _flush()
    _strip(error, set())
    try:
        sys.excepthook(type(error), error, error.__traceback__)
    except BaseException as other:
        print("Error in sys.excepthook:", file=sys.stderr)
        sys.__excepthook__(type(other), other, other.__traceback__)
        print("\nOriginal exception was:", file=sys.stderr)
        sys.__excepthook__(type(error), error, error.__traceback__)
    if _hint:
        for line in dict.fromkeys(_hints(error, set())):
            if line:
                print(line, file=sys.stderr)


def _hints(error, seen):
    """Yield what allows that which an exception, or what led to it, says is not allowed."""
    if error is None or id(error) in seen:
        return
    seen.add(id(error))
    message = str(error)
    if isinstance(error, PermissionError):
        for name in (error.filename, error.filename2):
            if isinstance(name, (str, bytes)):
                yield _hint(os.path.abspath(os.fsdecode(name)), "", message)
    yield _hint("", str(error.args[0]) if _is_from_environment(error) else "", message)
    yield from _hints(error.__cause__, seen)
    yield from _hints(error.__context__, seen)
    for inner in getattr(error, "exceptions", ()):
        yield from _hints(inner, seen)


def _is_from_environment(error):
    if not isinstance(error, KeyError) or not isinstance(error.args[0], str):
        return False
    frames = [tb.tb_frame.f_code for tb in _frames(error.__traceback__)]
    return bool(frames) and frames[-1] is type(os.environ).__getitem__.__code__


def _strip(error, seen):
    """Leave out the frames of this file and of Pyodide's machinery."""
    if error is None or id(error) in seen:
        return
    seen.add(id(error))
    # Assigning it does nothing to an error of JavaScript, whose attributes are the object's own.
    BaseException.with_traceback(error, _program_frames(error.__traceback__))
    _strip(error.__cause__, seen)
    _strip(error.__context__, seen)
    for inner in getattr(error, "exceptions", ()):
        _strip(inner, seen)


def _program_frames(tb):
    return _linked(
        [one for one in _frames(tb) if not _is_machinery(one.tb_frame.f_code.co_filename)]
    )


def _linked(frames):
    result = None
    for tb in reversed(frames):
        result = types.TracebackType(result, tb.tb_frame, tb.tb_lasti, tb.tb_lineno)
    return result


def _frames(tb):
    while tb is not None:
        yield tb
        tb = tb.tb_next


def _is_program(frame):
    """Tell whether a frame is neither the machinery's nor the standard library's."""
    name = frame.f_code.co_filename
    return not (_is_machinery(name) or name.startswith("<frozen") or _STDLIB_MARK in name)


def _is_machinery(filename):
    return filename in (__file__, interrupts.__file__) or interrupts.is_machinery(filename)


def _flush():
    """Flush the output streams; answer whether a reader has closed one."""
    broken = False
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except BrokenPipeError:
            broken = True
        except (AttributeError, OSError, ValueError):
            pass
    return broken
