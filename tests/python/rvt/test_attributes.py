"""Objects have no other attributes than theirs, and are the same ones while they are used."""

import copy
import gc
import pickle
import weakref

from forge3d import rvt
from forge3d.rvt import expressions

from checks import raises
from ground import make_asset, make_land, make_system

PLAIN = rvt.Material("plain", base_color=1)


class Car(rvt.DecalComponent):
    """A component of a caller."""

    def __init__(self, speed, **options):
        super().__init__(material=PLAIN, **options)
        self.speed = speed


class Ground(rvt.RuntimeVirtualTexture):
    """An asset of a caller."""


def test_settings_cannot_be_set_as_attributes():
    asset = make_asset()
    volume = rvt.RuntimeVirtualTextureVolume(asset)
    decal = rvt.DecalComponent(material=PLAIN)
    rows = (
        (volume, "position", r"call change\(position=…\)"),
        (volume, "streaming_low_mips", r"call change\(streaming_low_mips=…\)"),
        (asset, "tile_size", r"call change\(tile_size=…\)"),
        (asset, "material_type", r"can be read alone: call change\(material_type=…\)"),
        (asset, "name", "can be read alone: give it as an option when it is made"),
        (PLAIN, "base_color", r"call connect\(…\) with all pins .* base_color among them"),
        (decal, "transfrom", "no such attribute: did you mean transform"),
        (decal, "position", "no such attribute"),
        (decal, "boxes", "can be read alone"),
        (expressions.world_position(), "w_", "no such attribute"),
        (volume.subscribe(print), "listener", "has no attribute"),
    )
    for target, name, advice in rows:
        with raises(AttributeError, advice):
            setattr(target, name, (1, 2, 3))
    # Negative control: what can be set is.
    decal.translucency_sort_priority = 4
    assert decal.translucency_sort_priority == 4


def test_systems_have_no_other_attributes_either():
    with make_system() as system:
        with raises(AttributeError, "give it as an option when it is made"):
            system.max_memory_mb = 64
        with raises(AttributeError, "no such attribute"):
            system.houses = 3


def test_classes_of_callers_have_attributes_of_their_own():
    car = Car(5)
    car.wheels = 4
    car.mobility = "movable"
    assert (car.speed, car.wheels, car.mobility) == (5, 4, "movable")
    ground = Ground(name="ground")
    ground.owner = car
    # A setting of the class that it extends is none.
    with raises(AttributeError, r"call change\(tile_size=…\)"):
        ground.tile_size = 64


def test_what_only_calls_make_has_no_class_that_makes_it():
    for kind, advice in (
        (rvt.PrimitiveComponent, "such as StaticMeshComponent"),
        (rvt.MeshComponent, "such as StaticMeshComponent"),
        (rvt.Mesh, "make_mesh"),
        (rvt.ProjectScene, "open_project_scene"),
        (expressions.Expression, "operators"),
        (expressions.RuntimeVirtualTextureSample, "runtime_virtual_texture_sample"),
    ):
        with raises(TypeError, f"Cannot make {kind.__name__} as .*{advice}"):
            kind()
    assert expressions.RuntimeVirtualTextureSample.base_color.__doc__.startswith("Linear")


def test_objects_are_not_copied():
    decal = rvt.DecalComponent(material=PLAIN)
    for copied in (copy.copy, copy.deepcopy, pickle.dumps):
        with raises(TypeError, r"as it stands for .* make another one by DecalComponent\(…\)"):
            copied(decal)
        with raises(TypeError, "box_mesh"):
            copied(rvt.box_mesh())


def test_a_scene_keeps_what_callers_gave_its_objects():
    with make_system() as system, rvt.RuntimeVirtualTextureScene(system) as scene:

        def fill():
            ground = Ground(name="ground", size_in_tiles_log2=1)
            ground.color = "green"
            scene.add_component(Car(7, render_to_virtual_textures=[ground]))
            scene.add_volume(rvt.RuntimeVirtualTextureVolume(ground))

        fill()
        gc.collect()
        (car,) = scene.components
        assert isinstance(car, Car) and car.speed == 7
        assert car.render_to_virtual_textures[0].color == "green"
        assert isinstance(scene.volumes[0].asset, Ground)
        # What is taken out of the scene goes with its last use, and so does what it was set to.
        gone = weakref.ref(car)
        scene.remove_component(car)
        other = weakref.ref(rvt.DecalComponent(material=PLAIN))
        del car
        gc.collect()
        assert gone() is None and other() is None


def test_objects_keep_what_they_were_set_to():
    class Paint(rvt.MaterialTexture):
        """A texture of a caller."""

    def paint(color):
        made = Paint(bytes(4), 1, 1, name=color)
        made.color = color
        return made

    sampled = expressions.texture_sample_parameter("paint", paint("red"))
    material = rvt.Material("car", base_color=(sampled * 0.5).xyz)
    read = rvt.Material.from_json(material.to_json(), textures={"red": paint("red")})
    instance = rvt.MaterialInstance(material, "other")
    instance.set_texture("paint", paint("blue"))
    land = make_land(make_asset(), [1, 1, 1])
    points = [{"position": (x, 8, 0), "width": 2} for x in (1, 8)]
    land_of_caller = weakref.ref(land)
    road = rvt.LandscapeSplineComponent(material=instance, points=points, landscape=land)
    del material, instance, sampled, land
    gc.collect()
    assert road.landscape is land_of_caller()
    assert road.material.overrides["textures"]["paint"].color == "blue"
    assert road.material.parent.parameters["paint"]["value"].color == "red"
    assert read.parameters["paint"]["value"].color == "red"
    road.landscape = None
    gc.collect()
    assert land_of_caller() is None


def test_deep_graphs_are_freed():
    texture = rvt.MaterialTexture(bytes(4), 1, 1)
    node = expressions.texture_sample(texture).x
    for _ in range(4000):
        node = node + 1
    material = rvt.Material("deep", base_color=1)
    for _ in range(1200):
        material = rvt.MaterialInstance(material, "deeper")
    gone = weakref.ref(texture)
    del texture
    gc.collect()
    assert gone() is not None
    del node, material
    gc.collect()
    assert gone() is None


def test_a_scene_that_its_own_component_refers_to_is_still_collected():
    system = make_system()
    scene = rvt.RuntimeVirtualTextureScene(system)
    car = Car(1)
    car.scene = scene
    scene.add_component(car)
    gone = weakref.ref(scene)
    del scene, car
    gc.collect()
    assert gone() is None
    system.close()


def test_a_deferred_component_keeps_what_it_has_loaded():
    asset = make_asset()
    heights = weakref.WeakSet()

    def load():
        car = Car(9, render_to_virtual_textures=[asset])
        heights.add(car)
        return car

    deferred = rvt.DeferredComponent(
        name="car",
        bounds={"min": (-1, -1, -1), "max": (1, 1, 1)},
        identity="car",
        render_to_virtual_textures=[asset],
        load=load,
    )
    deferred.load()
    gc.collect()
    assert deferred.component.speed == 9
    deferred.unload()
    gc.collect()
    assert len(heights) == 0
