"""What functions of the caller raise reaches the caller as itself, whatever its class."""

import asyncio
import os

import forge3d

from scene import FOLDER, make


class Own(BaseException):
    """Of no class that anything else raises."""


KINDS = (
    SystemExit(3),
    KeyboardInterrupt("of the caller"),
    GeneratorExit(),
    StopIteration(4),
    StopAsyncIteration(5),
    asyncio.CancelledError("of the caller"),
    RuntimeError("of the caller"),
    Own(),
)


def picture(name):
    path = os.path.join(FOLDER, name)
    forge3d.Image(bytes(range(256)) * 64, 64, 64).save(path)
    return path


def test_what_on_progress_raises_is_raised_by_the_load():
    path = picture("raised.png")
    with make(cache_folder=os.path.join(FOLDER, "never_filled")) as system:
        calls = (
            system.load_texture,
            lambda *args, **options: forge3d.load_virtual_texture(system.handle, *args, **options),
        )
        for kind in KINDS:

            def on_progress(_progress, kind=kind):
                raise kind

            for call in calls:
                try:
                    call(path, on_progress=on_progress)
                except BaseException as error:
                    assert error is kind, f"{kind!r} became {error!r}"
                else:
                    raise AssertionError(f"{kind!r} was not raised")
        assert system.textures == ()
        system.load_texture(path)


def test_an_awaited_load_raises_what_a_coroutine_can_raise():
    path = picture("awaited.png")

    async def load(system, kind):
        def on_progress(_progress):
            raise kind

        try:
            await system.load_texture_async(path, on_progress=on_progress)
        except BaseException as error:
            return error

    with make(cache_folder=os.path.join(FOLDER, "never_filled")) as system:
        for kind in KINDS:
            error = asyncio.run(load(system, kind))
            # No coroutine can raise it: PEP 479.
            if isinstance(kind, StopIteration):
                assert type(error) is RuntimeError and error.__cause__ is kind
            else:
                assert error is kind, f"{kind!r} became {error!r}"
