import asyncio

from pyodide.code import run_js
from pyodide.ffi import can_run_sync

import forge3d
from forge3d import streaming

from checks import raises
from scene import EYE, PATH, PROJECTION, VIEW, make

# Calls a function as JavaScript calls an event handler: nothing awaits it.
without_promise = run_js("(call) => { call(); }")


def test_where_waiting_is_impossible_an_update_does_not_wait():
    system, results = make(), []
    system.load_texture(PATH)

    def handler():
        assert not can_run_sync()
        results.append(system.update_streaming(EYE, VIEW, PROJECTION))
        results.append(system.update_streaming(EYE, VIEW, PROJECTION, time_budget_ms=None))

    without_promise(handler)
    assert [result["waited"] for result in results] == [0, 0]
    assert results[0]["tiles_pending"] > 0
    system.close()


def test_where_waiting_is_impossible_other_calls_name_their_async_version():
    system, errors = make(), []
    texture = system.load_texture(PATH)
    calls = {
        "load_texture_async": lambda: system.load_texture(PATH),
        "unload_texture_async": lambda: system.unload_texture(texture),
        "flush_async": lambda: system.flush(),
        "render_async": lambda: system.render(EYE, VIEW, PROJECTION, 8, 8),
    }

    def handler():
        for name, call in calls.items():
            try:
                call()
            except RuntimeError as error:
                errors.append(name in str(error) and hasattr(system, name))

    without_promise(handler)
    assert errors == [True] * len(calls)
    assert system.textures == (texture,)
    system.close()


def test_async_versions_are_awaited():
    async def main():
        device = await forge3d.get_device_async()
        with streaming.VirtualTextureSystem(device, max_memory_mb=8, tile_size=64) as system:
            texture = await system.load_texture_async(PATH)
            result = await system.update_streaming_async(EYE, VIEW, PROJECTION, time_budget_ms=None)
            assert result["tiles_loaded"] > 0 and result["tiles_pending"] == 0
            assert await system.flush_async() is True
            image = await system.render_async(EYE, VIEW, PROJECTION, 16, 9)
            assert image.pixel(8, 4)[3] == 255
            await system.unload_texture_async(texture)
            assert system.textures == ()
            with raises(FileNotFoundError):
                await system.load_texture_async("none.ktx2")

    asyncio.run(main())


def test_a_load_that_is_cancelled_leaves_nothing_behind():
    async def main():
        with make() as system:
            before = system.get_memory_info()["active_tiles"]
            for delay in (0, 0, 0.001, 0.003, 0.01, 0.03):
                task = asyncio.ensure_future(system.load_texture_async(PATH))
                await asyncio.sleep(delay)
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)
                if not task.cancelled():
                    await system.unload_texture_async(task.result())
                await system.flush_async()
            assert system.get_memory_info()["active_tiles"] == before

    asyncio.run(main())


def test_calls_on_a_system_that_waits_queue_behind_it():
    order = []

    async def main():
        with make() as system:

            async def load(name):
                texture = await system.load_texture_async(PATH)
                order.append(name)
                return texture

            async def update():
                result = await system.update_streaming_async(
                    EYE, VIEW, PROJECTION, time_budget_ms=None
                )
                order.append("update")
                return result

            _, _, result = await asyncio.gather(load("first"), load("second"), update())
            # Both textures were there when the update ran.
            assert len(system.textures) == 2
            alone = make()
            alone.load_texture(PATH)
            single = alone.update_streaming(EYE, VIEW, PROJECTION, time_budget_ms=None)
            assert result["tiles_wanted"] == 2 * single["tiles_wanted"]
            alone.close()

    asyncio.run(main())
    assert order == ["first", "second", "update"]


def test_a_blocking_call_in_a_task_queues_behind_another_task():
    async def main():
        with make() as system:
            loading = asyncio.ensure_future(system.load_texture_async(PATH))
            await asyncio.sleep(0)
            result = system.update_streaming(EYE, VIEW, PROJECTION, time_budget_ms=None)
            assert loading.done() and result["tiles_wanted"] > 0
            loaded = system.evict_tiles()
            settling = asyncio.ensure_future(system.flush_async())
            await asyncio.sleep(0)
            # What it evicts is what the task before it has loaded.
            assert system.evict_tiles() == loaded > 0
            assert await settling is True

    asyncio.run(main())


def test_a_failure_does_not_hold_up_the_queue():
    async def main():
        with make() as system:
            bad = system.load_texture_async(b"nothing")
            good = system.load_texture_async(PATH)
            results = await asyncio.gather(bad, good, return_exceptions=True)
            assert isinstance(results[0], forge3d.errors.MalformedFileError)
            assert results[1].size == (300, 200)

    asyncio.run(main())


def test_closing_a_system_that_is_waited_for_ends_the_wait():
    async def main():
        system = make()
        await system.load_texture_async(PATH)
        update = asyncio.ensure_future(
            system.update_streaming_async(EYE, VIEW, PROJECTION, time_budget_ms=None)
        )
        await asyncio.sleep(0)
        system.close()
        try:
            result = await update
        except forge3d.errors.DisposedError:
            return
        assert result["tiles_wanted"] >= 0

    asyncio.run(main())
