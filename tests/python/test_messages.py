"""Messages of the core reach Python in its spelling and words; what callers gave stays."""

import array
import logging
import math

import forge3d
from forge3d import rvt, streaming
from forge3d._messages import spelled
from forge3d.errors import BakeError, InvalidArgumentError, OutOfRangeError

from checks import raises


def told(call):
    try:
        call()
    except forge3d.Forge3dError as error:
        return str(error)
    raise AssertionError("nothing was raised")


def test_options_are_spelled_and_nothing_else():
    forge3d.get_device()
    rows = {
        "Cannot make a as tileSize must be 1": "Cannot make a as tile_size must be 1",
        'Cannot change "tileSize" as tileSize is 1': 'Cannot change "tileSize" as tile_size is 1',
        'of my "tileSize" asset as tileSize': 'of my "tileSize" asset as tile_size',
        "tileSize: current value is tileSize": "tile_size: current value is tileSize",
        'a label "b: current value is 3", tileSize': 'a label "b: current value is 3", tile_size',
        "in /a/tileSize/b as [0].tileSize is 1": "in /a/tileSize/b as [0].tile_size is 1",
        "there is no option a: options are tileSize, signal, logger": (
            "there is no option a: options are tile_size"
        ),
        "tileSize is 128 and was 64": "tile_size is 128 and was 64",
    }
    assert {message: spelled(message) for message in rows} == rows


def test_words_are_those_of_python():
    rows = {
        "must be a Uint8Array of 12": "must be 12 numbers",
        "must be an object: current value is Object": (
            "must be a dictionary: current value is a dictionary"
        ),
        "must be a Mesh or null: current value is undefined": (
            "must be a Mesh or None: current value is None"
        ),
        "must be 3: current value is true": "must be 3: current value is True",
        'must be "null"': 'must be "null"',
        "must be a Float32Array of 3 numbers": "must be a buffer of 3 numbers",
    }
    assert {message: spelled(message) for message in rows} == rows


def test_names_and_values_of_callers_stay_in_messages():
    material = rvt.Material("baseColor", base_color=1)
    flat = array.array("f", [0] * 4)
    land = rvt.LandscapeComponent(
        name="renderToVirtualTextures",
        material=material,
        heights=flat,
        width=2,
        height=2,
        layers={"tileSize": bytes(4)},
    )
    region = {"x": 0, "y": 0, "width": 2, "height": 2}
    project = rvt.Project("p", assets=[{"name": "baseColor"}])
    rows = (
        (lambda: setattr(land, "mobility", "x"), 'landscape "renderToVirtualTextures" as mobility'),
        (lambda: land.set_weights("a", region, bytes(4)), "must be one of \"tileSize\": .* is 'a'"),
        (lambda: rvt.find_materials(project, "base_color"), 'must be one of "baseColor"'),
        (lambda: rvt.RuntimeVirtualTexture(material_type="baseColor"), "value is 'baseColor'$"),
    )
    for call, pattern in rows:
        with raises(OutOfRangeError, pattern):
            call()


def test_refused_values_are_shown_as_python_shows_them():
    def made(tile_size):
        return told(lambda: rvt.RuntimeVirtualTexture(tile_size=tile_size)).split(
            "current value is "
        )[1]

    rows = {"128": "'128'", 2.5: "2.5", math.nan: "nan", -math.inf: "-inf", True: "True"}
    assert {value: made(value) for value in rows} == rows
    assert made([1, None, "a"]) == "[1, None, 'a']" and made({"tile_size": 1}) == "{'tile_size': 1}"
    assert made("it's") == '"it\'s"' and made("undefined") == "'undefined'"
    assert "onto must be a LandscapeComponent or None" in told(
        lambda: rvt.scatter_transforms(
            seed=1, region={"min": (0, 0), "max": (1, 1)}, count=1, onto=3
        )
    )


def test_options_have_the_names_of_python_alone():
    with raises(InvalidArgumentError, "names are in snake case: take 'tile_size'"):
        rvt.RuntimeVirtualTexture(tileSize=128)
    with raises(InvalidArgumentError, "take 'min_distance'"):
        rvt.scatter_transforms(seed=1, minDistance=1)
    with streaming.VirtualTextureSystem(forge3d.get_device(), max_memory_mb=16) as system:
        listed = told(lambda: rvt.RuntimeVirtualTextureScene(system, modus=1))
        assert "mode" in listed and "logger" not in listed
        with raises(InvalidArgumentError, "'logger' as there is none here: the logger forge3d"):
            rvt.RuntimeVirtualTextureScene(system, logger=print)
        project = rvt.Project("p")
        with raises(OutOfRangeError, "scalability_level must be left out, as there is none"):
            rvt.open_project_scene(project, system, scalability_level="low")


def test_warnings_and_logs_are_spelled():
    from forge3d import _bridge

    asset = rvt.RuntimeVirtualTexture(name="tileSize")
    volume = rvt.RuntimeVirtualTextureVolume(asset, streaming_low_mips=2)
    assert all("streamingLowMips" not in warning for warning in volume.warnings)
    heard = []
    handler = logging.Handler()
    handler.emit = lambda record: heard.append(record.getMessage())
    logger = logging.getLogger("forge3d")
    logger.addHandler(handler)
    try:
        _bridge._log("WARNING", 'tileSize of "tileSize" is 100% wrong')
    finally:
        logger.removeHandler(handler)
    assert heard == ['tile_size of "tileSize" is 100% wrong']


def test_files_that_cannot_be_written_are_errors_of_the_system():
    with raises(OSError, "Cannot save project|Cannot write project"):
        rvt.save_project(rvt.Project("p"), "/proc/nowhere")
    assert issubclass(BakeError, OSError)
