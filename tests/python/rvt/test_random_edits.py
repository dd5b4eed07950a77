import array
import math
import random

from edited_world import EditedWorld, flat_world, greatest_difference
from ground import SIDE

EDITS = 200
# A rebuild is compared after so many.
STRETCH = 10
MOST_COMPONENTS = 12
TOLERANCE = 1


def tint(choices):
    return tuple(choices.random() for _ in range(3))


def transform(choices):
    angle = choices.uniform(-math.pi, math.pi)
    return {
        "position": (choices.uniform(1, 15), choices.uniform(1, 15), choices.uniform(0, 3)),
        "rotation": (0.0, 0.0, math.sin(angle / 2), math.cos(angle / 2)),
        "scale": (choices.uniform(0.5, 2), choices.uniform(0.5, 2), 1.0),
    }


def region(choices):
    x, y = choices.randrange(SIDE - 4), choices.randrange(SIDE - 4)
    return {"x": x, "y": y, "width": choices.randint(1, 4), "height": choices.randint(1, 4)}


def add(world, choices):
    if len(world.components) < MOST_COMPONENTS:
        kind = choices.choice(["decal", "box"])
        priority = choices.randint(-1, 2)
        part = {"kind": kind, "tint": tint(choices), "priority": priority}
        world.add(part | {"transform": transform(choices)})


def change_component(change):
    def edit(world, choices):
        if world.components:
            change(world, choices.randrange(len(world.components)), choices)

    return edit


def set_heights(world, choices):
    part = region(choices)
    count = part["width"] * part["height"]
    world.set_heights(part, array.array("f", (choices.uniform(0, 4) for _ in range(count))))


def set_weights(world, choices):
    part = region(choices)
    world.set_weights(part, choices.randbytes(part["width"] * part["height"]))


def change_asset(world, choices):
    name, values = choices.choice(
        [("compress_textures", [True, False]), ("tile_border", [2, 4, 8])]
    )
    world.change_asset(**{name: choices.choice(values)})


def change_volume(world, choices):
    middle = (choices.uniform(7, 9), choices.uniform(7, 9), 0.0)
    world.change_volume(position=middle, scale=(choices.uniform(14, 18), 16.0, 40.0))


KINDS = {
    "add": (6, add),
    "remove": (3, change_component(lambda world, at, _: world.remove(at))),
    "move": (8, change_component(lambda world, at, by: world.move(at, transform(by)))),
    "priority": (
        3,
        change_component(lambda world, at, by: world.set_priority(at, by.randint(-2, 2))),
    ),
    "tint": (4, change_component(lambda world, at, by: world.tint(at, tint(by)))),
    "material": (
        2,
        change_component(lambda world, at, by: world.exchange_material(at, tint(by))),
    ),
    "land": (2, lambda world, by: world.tint_land(tint(by))),
    "heights": (4, set_heights),
    "weights": (4, set_weights),
    "asset": (1, change_asset),
    "volume": (1, change_volume),
}


def differences(world, described):
    """Return by how much the pictures of a world differ from those of one made anew."""
    with EditedWorld(described) as anew:
        pairs = zip(world.pictures(), anew.pictures(), strict=True)
        return [greatest_difference(one, other) for one, other in pairs]


def test_after_random_edits_a_scene_is_as_one_made_anew():
    choices = random.Random(11)
    weights = [weight for weight, _ in KINDS.values()]
    done = []
    with EditedWorld(flat_world()) as world:
        world.pictures()
        for count in range(1, EDITS + 1):
            name = choices.choices(list(KINDS), weights)[0]
            KINDS[name][1](world, choices)
            done.append(name)
            # Some of what is stale is rendered before the next edit.
            if choices.random() < 0.4:
                world.update(choices.choice([0, 5, None]))
            if count % STRETCH == 0:
                found = differences(world, world.described)
                assert max(found) <= TOLERANCE, (count, found, done[-STRETCH:])
        assert set(done) == set(KINDS)
        # Negative control: the same check tells worlds in which one kind of edit has been lost.
        assert len(world.components) > 2
        flat = flat_world()
        for part in ("components", "heights", "weights", "tint", "volume"):
            found = differences(world, {**world.described, part: flat[part]})
            assert max(found) > 10 * TOLERANCE, (part, found)
