import math

import forge3d

from checks import raises
from scene import PATH, make, settle

# Levels of the texture (300 x 200 texels, tiles of 64) that are a single tile: pinned.
TAIL = 6


def settled(system):
    """Settle twice, so that nothing is left to load."""
    settle(system)
    assert settle(system)["tiles_loaded"] == 0


def test_everything_that_is_wanted_is_made_anew_in_place():
    with make() as system:
        texture = system.load_texture(PATH)
        settled(system)
        active = system.get_statistics().active_tiles
        assert active > TAIL
        assert system.invalidate(texture) is None
        result = settle(system)
        assert result["tiles_loaded"] == active and result["tiles_evicted"] == 0
        assert system.get_statistics().active_tiles == active
        assert settle(system)["tiles_loaded"] == 0


def test_one_tile_is_made_anew_alone():
    with make() as system:
        texture = system.load_texture(PATH)
        settled(system)
        assert system.invalidate_tile(texture, 0, 2, 1) is None
        assert settle(system)["tiles_loaded"] == 1
        system.invalidate_tile(texture, mip_level=8, tile_x=0, tile_y=0)
        assert settle(system)["tiles_loaded"] == 1


def test_of_a_region_every_level_is_made_anew():
    with make() as system:
        texture = system.load_texture(PATH)
        settled(system)
        assert system.invalidate_region(texture, 150, 100, 1, 1) is None
        fine = settle(system)["tiles_loaded"]
        assert TAIL + 1 <= fine <= TAIL + 3
        system.invalidate_region(texture, 75, 50, 0.5, 0.5, mip_level=1)
        assert settle(system)["tiles_loaded"] == fine
        system.invalidate_region(texture, 5000, 5000, 10, 10)
        assert settle(system)["tiles_loaded"] == 0


def test_what_cannot_be_invalidated_is_refused_by_name():
    with make() as system, make() as other:
        texture = system.load_texture(PATH)
        settled(system)
        for call in (
            lambda one: system.invalidate(one),
            lambda one: system.invalidate_region(one, 0, 0, 1, 1),
            lambda one: system.invalidate_tile(one, 0, 0, 0),
        ):
            with raises(TypeError, "texture"):
                call(None)
            with raises(TypeError, "texture"):
                call("ramp")
            with raises(ValueError, "handle"):
                call(texture.handle + 99)
            with raises(ValueError, "not one of this system"):
                call(other.load_texture(PATH))
        for name in ("x", "y", "width", "height"):
            region = {"x": 0, "y": 0, "width": 1, "height": 1}
            with raises(TypeError, name):
                system.invalidate_region(texture, **{**region, name: "1"})
            with raises(ValueError, name):
                system.invalidate_region(texture, **{**region, name: math.nan})
        with raises(ValueError, "width"):
            system.invalidate_region(texture, 0, 0, -1, 1)
        with raises(ValueError, "level"):
            system.invalidate_region(texture, 0, 0, 1, 1, mip_level=30)
        for tile in ((30, 0, 0), (-1, 0, 0), (0, 5, 0), (0, 0, 4), (0, -1, 0)):
            with raises(ValueError):
                system.invalidate_tile(texture, *tile)
        for tile in (("0", 0, 0), (0, 0.5, 0), (0, 0, None)):
            with raises(TypeError):
                system.invalidate_tile(texture, *tile)
        assert settle(system)["tiles_loaded"] == 0
    with raises(forge3d.errors.DisposedError):
        system.invalidate(texture.handle)


def test_the_functions_underneath_do_the_same():
    with make() as system:
        texture = system.load_texture(PATH)
        settled(system)
        handle = system.handle
        forge3d.invalidate_virtual_texture_tile(handle, texture.handle, 0, 2, 1)
        assert settle(system)["tiles_loaded"] == 1
        forge3d.invalidate_virtual_texture_region(handle, texture.handle, 150, 100, 1, 1, 0)
        assert settle(system)["tiles_loaded"] > 1
        forge3d.invalidate_virtual_texture(handle, texture.handle)
        assert settle(system)["tiles_loaded"] == system.get_statistics().active_tiles
