"""Every public call with arguments of every kind: a typed error, or no harm."""

import decimal
import fractions
import inspect
import logging
import os
import pathlib

from public_memory_calls import memory_calls

import forge3d
import forge3d.camera
import forge3d.image
import forge3d.streaming
from forge3d import memory, streaming
from forge3d.errors import Forge3dError

from checks import raises
from scene import EYE, FOLDER, PATH, PROJECTION, VIEW, make, settle


class ThrownError(Exception):
    """What the values below raise; it reaches the caller as itself."""


class Text(str):
    """A string of another class."""


class Hostile:
    """Raises whatever it is asked for."""

    def _raise(self, *_args):
        raise ThrownError

    __float__ = __index__ = __int__ = __iter__ = __len__ = __getitem__ = __bool__ = _raise
    __fspath__ = __call__ = __array__ = tolist = __buffer__ = __eq__ = __contains__ = _raise
    __hash__ = object.__hash__


def own_list():
    numbers = []
    numbers.append(numbers)
    return numbers


def released():
    view = memoryview(bytearray(24))
    view.release()
    return view


def bad_values():
    return {
        "None": None,
        "True": True,
        "0": 0,
        "-1": -1,
        "1.5": 1.5,
        "nan": float("nan"),
        "inf": float("inf"),
        "10 ** 400": 10**400,
        "2 ** 64": 2**64,
        "a complex number": 1j,
        "a decimal": decimal.Decimal("1.5"),
        "a decimal that is none": decimal.Decimal("sNaN"),
        "a fraction": fractions.Fraction(1, 3),
        "an empty string": "",
        "digits": "123",
        "a string of another class": Text("123"),
        "a NUL": "a\0b",
        "a lone surrogate": "\ud800",
        "a path": pathlib.Path("/nowhere/none.ktx2"),
        "bytes": b"123",
        "no bytes": b"",
        "a bytearray": bytearray(3),
        "an array of doubles": memoryview(bytearray(24)).cast("d"),
        "a buffer that was released": released(),
        "an empty list": [],
        "a list": [1, "2", None],
        "a list that holds itself": own_list(),
        "a deep list": [[[[[[[[[[1, 2, 3]]]]]]]]]],
        "a range": range(3),
        "a generator": (number for number in (1, 2, 3)),
        "an endless generator": iter(int, 1),
        "a set": {1, 2, 3},
        "a dictionary": {"a": 1},
        "a function": lambda *_args: 7,
        "a class": int,
        "an object": object(),
        "an exception": ValueError("a value"),
        "a hostile object": Hostile(),
    }


def calls(system, texture):
    """Every public call, with arguments that are right."""
    device = system.device
    handle, number = system.handle, texture.handle
    place = (EYE, VIEW, PROJECTION)
    box = (0, 1, 0, 1, 0, 1)
    region = (0, 0, 9, 9, 0)
    planned = streaming.VirtualTexture(0, 300, 200, 64)
    image = forge3d.Image(bytes(16), 2, 2)

    def create(*args):
        made = streaming.create_virtual_texture_system(*args)
        streaming.destroy_virtual_texture_system(made)

    def make_system(*args):
        streaming.VirtualTextureSystem(*args).close()

    def make_streaming_system(*args):
        streaming.create_streaming_system(*args).close()

    def load(*args):
        system.unload_texture(system.load_texture(*args))

    class_calls = {
        "load_texture": (load, (PATH, None, None)),
        "unload_texture": (system.unload_texture, (99,)),
        "update_streaming": (system.update_streaming, (*place, None)),
        "flush": (system.flush, ()),
        "configure_pools": (system.configure_pools, ({},)),
        "render": (system.render, (*place, 8, 8, None)),
        "prefetch_region": (system.prefetch_region, (texture, *region)),
        "invalidate": (system.invalidate, (texture,)),
        "invalidate_region": (system.invalidate_region, (texture, *region)),
        "invalidate_tile": (system.invalidate_tile, (texture, 0, 0, 0)),
        "evict_tiles": (system.evict_tiles, (texture,)),
        "set_quality_settings": (system.set_quality_settings, (0.0, 1.0, 1.0)),
        "get_statistics": (system.get_statistics, ()),
        "get_memory_info": (system.get_memory_info, ()),
        "close": (lambda: None, ()),
    }
    functions = {
        "calculate_memory_requirements": (100, 100, 64, 4),
        "estimate_streaming_performance": ((100, 100), 64, 256, 60),
        "flush_virtual_texture_system": (handle,),
        "evict_virtual_texture_tiles": (handle, number),
        "get_virtual_texture_stats": (handle,),
        "invalidate_virtual_texture": (handle, number),
        "invalidate_virtual_texture_region": (handle, number, *region),
        "invalidate_virtual_texture_tile": (handle, number, 0, 0, 0),
        "load_virtual_texture": (handle, PATH),
        "prefetch_virtual_texture_region": (handle, number, *region),
        "set_virtual_texture_quality": (handle, 0.0, 1.0, 1.0),
        "update_virtual_texture_streaming": (handle, *place, number),
    }
    return {
        **memory_calls(device),
        **{f"VirtualTextureSystem.{name}": row for name, row in class_calls.items()},
        **{f"streaming.{name}": (getattr(streaming, name), row) for name, row in functions.items()},
        "streaming.VirtualTextureSystem": (make_system, (device, 8, 64)),
        "streaming.create_streaming_system": (make_streaming_system, (device, 8, 64)),
        "streaming.create_virtual_texture_system": (create, (device, 8 << 20, 64)),
        "streaming.destroy_virtual_texture_system": (
            streaming.destroy_virtual_texture_system,
            (99999,),
        ),
        "streaming.RegionSource": (streaming.RegionSource, (bytes, (8, 8), "r8")),
        "RegionSource.describe": (streaming.RegionSource(bytes, (8, 8)).describe, ()),
        "streaming.StreamingStats": (streaming.StreamingStats, ({},)),
        "streaming.VirtualTexture": (streaming.VirtualTexture, (0, 300, 200, 64)),
        "VirtualTexture.get_tile_bounds": (planned.get_tile_bounds, (0, 0, 0)),
        "VirtualTexture.value_at": (texture.value_at, (0, 0)),
        "VirtualTexture.read_region": (texture.read_region, (0, 0, 1, 1, 0)),
        "VirtualTexture.is_tile_valid": (planned.is_tile_valid, (0, 0, 0)),
        "StreamingStats.as_dict": (streaming.StreamingStats({}).as_dict, ()),
        "forge3d.Image": (forge3d.Image, (bytes(16), 2, 2)),
        "forge3d.get_device": (forge3d.get_device, ()),
        "Image.pixel": (image.pixel, (0, 0)),
        "Image.save": (image.save, (os.path.join(FOLDER, "saved.png"),)),
        "Image.tobytes": (image.tobytes, ()),
        "camera.look_at": (forge3d.camera.look_at, (EYE, (0, 0, 0), (0, 1, 0))),
        "camera.perspective": (forge3d.camera.perspective, (60, 1, 1, 10)),
        "camera.orthographic": (forge3d.camera.orthographic, box),
    }


def breach(function, args):
    """Return what is wrong with how a call answers; None if nothing is."""
    try:
        function(*args)
    except (Forge3dError, ThrownError):
        return None
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return None


def breaches(name, function, args):
    found = []
    for at in range(len(args)):
        for what, value in bad_values().items():
            wrong = breach(function, (*args[:at], value, *args[at + 1 :]))
            if wrong is not None:
                found.append(f"{name} with {what} as argument {at}: {wrong}")
    return found


def test_every_call_answers_a_bad_argument_with_a_typed_error_or_does_no_harm():
    logging.disable(logging.CRITICAL)
    try:
        with make() as system:
            texture = system.load_texture(PATH)
            settle(system)
            found = []
            for name, (function, args) in calls(system, texture).items():
                found += breaches(name, function, args)
            assert not found, "\n".join([f"{len(found)} breaches", *found])
            assert settle(system)["tiles_failed"] == 0
            assert texture in system.textures
    finally:
        logging.disable(logging.NOTSET)


def public_names():
    """Return the names of every public function, class and method."""
    names = set()
    for module in (forge3d, forge3d.camera, memory, streaming):
        for name in module.__all__:
            value = getattr(module, name)
            if inspect.isfunction(value):
                names.add(name)
            elif inspect.isclass(value) and not issubclass(value, BaseException):
                names.add(name)
                for method, _ in inspect.getmembers(value, inspect.isfunction):
                    if not method.startswith("_"):
                        names.add(f"{name}.{method}")
    return names


# Async versions make the same calls; the core makes some, and devices; numpy is not here.
EXEMPT = {"Device", "VirtualTextureSystem.adopt", "Image.numpy", "get_device_async", "Row"} | {
    "RegionSource.answer"
}


def test_every_public_call_is_in_the_table():
    with make() as system:
        table = calls(system, system.load_texture(PATH))
    known = set(table) | {name.split(".")[1] for name in table}
    missing = {name for name in public_names() if name not in known and not name.endswith("_async")}
    assert missing <= EXEMPT, missing - EXEMPT
    # Negative control: names are found at all.
    assert len(public_names()) > 50
    assert "VirtualTextureSystem.load_texture" in public_names()


def test_negative_control_a_call_that_falls_over_its_argument_is_found():
    found = breaches("falls_over", lambda text: text.upper(), ("a",))
    assert len(found) > 10
    assert "AttributeError" in found[0]


def test_what_on_progress_raises_is_what_a_load_raises():
    picture = os.path.join(FOLDER, "progress.png")
    forge3d.Image(bytes([80]) * 300 * 200 * 4, 300, 200).save(picture)
    for raised in (KeyError("mine"), ThrownError("mine"), ZeroDivisionError("mine")):

        def fail(progress, raised=raised):
            raise raised

        with make(cache_folder=os.path.join(FOLDER, "progress")) as system:
            try:
                system.load_texture(picture, on_progress=fail)
            except BaseException as error:
                assert error is raised, f"{error!r} is not {raised!r}"
            else:
                raise AssertionError("nothing was raised")
            assert system.textures == ()
    with make(cache_folder=os.path.join(FOLDER, "progress")) as system:
        assert system.load_texture(picture, on_progress=dict).size == (300, 200)


def test_what_a_logging_filter_raises_is_what_a_load_raises():
    class Failing(logging.Filter):
        def filter(self, record):
            raise KeyError(record.getMessage())

    log = logging.getLogger("forge3d")
    failing = Failing()
    with make() as system:
        log.addFilter(failing)
        try:
            # Its file says what is ignored, which is a warning.
            with raises(KeyError, "primaries"):
                system.load_texture(file_of_other_primaries("primaries_1.ktx2"))
        finally:
            log.removeFilter(failing)
        assert system.textures == ()
        assert system.load_texture(PATH).size == (300, 200)


def file_of_other_primaries(name):
    """Return the path of a file whose colours are of Display P3's primaries."""
    path = os.path.join(FOLDER, name)
    data = bytearray(pathlib.Path(PATH).read_bytes())
    descriptor = int.from_bytes(data[48:52], "little")
    data[descriptor + 13] = 10
    pathlib.Path(path).write_bytes(data)
    return path


def test_what_a_file_says_and_is_ignored_is_in_the_log_once():
    told = []

    class Listening(logging.Handler):
        def emit(self, record):
            told.append((record.levelname, record.getMessage()))

    log = logging.getLogger("forge3d")
    handler = Listening()
    log.addHandler(handler)
    try:
        with make() as system:
            path = file_of_other_primaries("primaries_2.ktx2")
            system.load_texture(path)
            system.load_texture(path)
            system.load_texture(PATH)
    finally:
        log.removeHandler(handler)
    assert len(told) == 1, told
    level, message = told[0]
    assert level == "WARNING"
    assert path in message
    assert "colour primaries" in message and "ignored" in message, message


def test_what_is_recommended_for_a_texture_loads_it():
    for edge in (64, 256, 512):
        planned = streaming.calculate_memory_requirements(300, 200, edge)
        megabytes = planned["recommended_cache_size"] / 2**20
        with make(max_memory_mb=megabytes, tile_size=edge) as system:
            system.load_texture(PATH)
            settle(system)
    # Negative control: the whole texture alone would be too little.
    with raises(forge3d.errors.BudgetError), make(max_memory_mb=300 * 200 * 4 / 2**20) as system:
        system.load_texture(PATH)


def test_options_take_paths_and_strings_of_any_class():
    folder = pathlib.Path(FOLDER, "a cache, of paths")
    with make(cache_folder=folder, label=Text("a label")) as system:
        assert system.load_texture(pathlib.Path(PATH)).size == (300, 200)
        assert system.load_texture(Text(PATH), Text("RGBA8")).size == (300, 200)
        assert system.load_texture(os.fsencode(pathlib.Path(PATH).name) and PATH).size
        with raises(TypeError, "origin as it must be 3 numbers: current value is '123'"):
            system.load_texture(PATH, origin="123")
        with raises(TypeError, "origin"):
            system.load_texture(PATH, origin=Text("123"))


def options_of(system):
    load = ("color_space", "page", "bands", "layer", "face", "slice", "identity", "placement")
    load += ("on_progress", "origin", "extent", "axis_u", "axis_v")
    make_names = ("border", "max_anisotropy", "tiles_per_update", "bytes_per_update")
    make_names += ("ms_per_update", "gpu_ms_per_update", "gpu_wait_share", "fade_frames")
    make_names += ("feedback_interval", "cache_folder", "label")

    def load_with(**options):
        system.unload_texture(system.load_texture(PATH, **options))

    def make_with(**options):
        make(**options).close()

    def update_with(**options):
        system.update_streaming(EYE, VIEW, PROJECTION, **options)

    def render_with(**options):
        system.render(EYE, VIEW, PROJECTION, 8, 8, **options)

    return (
        (load_with, load),
        (make_with, make_names),
        (update_with, ("viewport", "time_budget_ms")),
        (
            render_with,
            ("filter", "debug", "feedback", "fade", "plane", "value_range", "color_map"),
        ),
    )


def test_every_option_answers_a_bad_value_with_a_typed_error_or_does_no_harm():
    logging.disable(logging.CRITICAL)
    found = []
    try:
        with make() as system:
            for call, names in options_of(system):
                for name in names:
                    for what, value in bad_values().items():
                        wrong = breach(lambda c=call, n=name, v=value: c(**{n: v}), ())
                        if wrong is not None:
                            found.append(f"{call.__name__}({name}={what}): {wrong}")
    finally:
        logging.disable(logging.NOTSET)
    assert not found, "\n".join([f"{len(found)} breaches", *found])
