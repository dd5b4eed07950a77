"""Functions of a script hear of changes, and of no more than those."""

import gc
import logging
import weakref

from forge3d import rvt
from forge3d.rvt import expressions as e

from checks import raises
from ground import draw, make_asset, make_land, make_system, place, rgb_at, writing


def make_decal(asset, **options):
    material = rvt.Material("red", base_color=[1, 0, 0])
    return rvt.DecalComponent(material=material, render_to_virtual_textures=[asset], **options)


def test_assets_and_volumes_tell_of_their_settings():
    asset = make_asset()
    volume = rvt.RuntimeVirtualTextureVolume(asset)
    heard = []
    of_asset = asset.subscribe(lambda change: heard.append(("asset", change)))
    of_volume = volume.subscribe(lambda change: heard.append(("volume", change)))
    asset.change(compression_quality="high")
    volume.change(expand_bounds=2)
    # Nothing has changed.
    asset.change(compression_quality="high")
    with raises(ValueError, "tile_size"):
        asset.change(tile_size=3)
    assert heard == [("asset", "content"), ("volume", "none")]
    of_asset.close()
    of_asset.close()
    assert (of_asset.closed, of_volume.closed) == (True, False)
    assert "'ground'" in repr(of_asset) and "closed" in repr(of_asset)
    asset.change(tile_size=128)
    volume.change(position=(1, 2, 3))
    assert heard[2:] == [("volume", "texture")]


def test_components_tell_where_they_have_changed():
    asset = make_asset()
    decal = make_decal(asset)
    heard = []
    with decal.subscribe(heard.append) as subscription:
        decal.transform = {"position": (5, 0, 0)}
        assert [box["center"] for box in heard[0]["boxes"]] == [[0, 0, 0], [5, 0, 0]]
        assert heard[0]["render_to_virtual_textures"] == [asset]
        decal.material.connect(base_color=[0, 1, 0])
        assert len(heard) == 2
    assert subscription.closed
    decal.transform = {"position": (6, 0, 0)}
    assert len(heard) == 2


def test_materials_and_instances_tell_of_changes():
    material = rvt.Material("a", base_color=e.vector_parameter("tint", [1, 0, 0]))
    instance = rvt.MaterialInstance(material, "b")
    heard = []
    material.subscribe(lambda: heard.append("material"))
    instance.subscribe(lambda: heard.append("instance"))
    instance.set_vector("tint", [0, 1, 0])
    assert heard == ["instance"]
    assert instance.own_overrides["numbers"] == instance.overrides["numbers"] == {"tint": [0, 1, 0]}
    assert material.overrides["numbers"] == {}
    material.connect(base_color=e.vector_parameter("tint", [0, 0, 1]))
    assert sorted(heard[1:]) == ["instance", "material"]


def test_who_listens_keeps_a_change_from_nobody():
    told = []

    class Keeping(logging.Handler):
        def emit(self, record):
            told.append(record)

    def fail(_change):
        raise KeyError("of the listener")

    logger, handler = logging.getLogger("forge3d"), Keeping()
    logger.addHandler(handler)
    logger.propagate = False
    try:
        with make_system() as system, rvt.RuntimeVirtualTextureScene(system) as scene:
            asset = make_asset()
            land = make_land(asset, [1, 0, 0])
            # Before the scene, which must hear of it all the same.
            land.subscribe(fail)
            place(scene, asset, land)
            assert rgb_at(draw(scene), 8, 8)[0] > 200
            land.material = writing(asset, [0, 1, 0])
            red, green, _blue = rgb_at(draw(scene), 8, 8)
            assert red < 50 and green > 200
    finally:
        logger.removeHandler(handler)
        logger.propagate = True
    assert "LandscapeComponent 'landscape " in told[0].getMessage()
    assert isinstance(told[0].exc_info[1], KeyError)


def test_a_subscription_may_be_closed_while_it_is_told():
    asset = make_asset()
    heard = []

    def once(change):
        heard.append(("once", change))
        first.close()
        second.close()

    first = asset.subscribe(once)
    second = asset.subscribe(lambda change: heard.append(("second", change)))
    asset.change(tile_size=128)
    asset.change(tile_size=64)
    assert heard == [("once", "texture")]


def test_what_listens_is_let_go_when_its_subscription_is_closed():
    class Listener:
        def __call__(self, _change):
            pass

    asset = make_asset()
    kept, let_go = Listener(), Listener()
    gone = [weakref.ref(kept), weakref.ref(let_go)]
    asset.subscribe(kept)
    asset.subscribe(let_go).close()
    del kept, let_go
    gc.collect()
    # Negative control: one that is not closed goes on, though nothing here refers to it.
    assert gone[0]() is not None and gone[1]() is None


def test_only_functions_can_listen():
    asset = make_asset()
    decal = make_decal(asset)
    for each in (asset, rvt.RuntimeVirtualTextureVolume(asset), decal, decal.material):
        for wrong in (None, 3, "f"):
            with raises(TypeError, "Cannot subscribe to <.*> as listener must be a function"):
                each.subscribe(wrong)
