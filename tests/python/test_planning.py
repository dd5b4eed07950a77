import random

from forge3d.streaming import (
    StreamingStats,
    VirtualTexture,
    calculate_memory_requirements,
    estimate_streaming_performance,
)

from checks import raises

MIB = 1024 * 1024


def test_a_texture_describes_its_grid():
    texture = VirtualTexture(7, 1000, 700, 256)
    assert (texture.handle, texture.size, texture.tile_size) == (7, (1000, 700), 256)
    assert texture.tile_count == (4, 3)
    assert texture.max_mip_level == 9
    assert texture.get_tile_bounds(3, 2) == (768, 512, 232, 188)
    assert texture.get_tile_bounds(1, 1, 1) == (256, 256, 244, 94)
    assert "1000 x 700" in repr(texture)


def test_the_coarsest_level_is_the_floor_of_the_logarithm():
    for size, level in ((1, 0), (2, 1), (3, 1), (255, 7), (256, 8), (8192, 13), (2**40 + 1, 40)):
        assert VirtualTexture(0, size, 1, 256).max_mip_level == level
        assert VirtualTexture(0, 1, size, 256).max_mip_level == level


def test_bounds_of_all_tiles_cover_a_level_once():
    numbers = random.Random(3)
    for _ in range(30):
        texture = VirtualTexture(
            0, numbers.randint(1, 900), numbers.randint(1, 900), numbers.choice((64, 100, 256))
        )
        for level in range(texture.max_mip_level + 1):
            width, height = (max(1, side >> level) for side in texture.size)
            tiles = [
                texture.get_tile_bounds(x, y, level)
                for y in range(20)
                for x in range(20)
                if texture.is_tile_valid(x, y, level)
            ]
            assert sum(w * h for _, _, w, h in tiles) == width * height
            assert max(x + w for x, _, w, _ in tiles) == width
            assert max(y + h for _, y, _, h in tiles) == height
            assert len(set(tiles)) == len(tiles)


def test_the_last_column_of_an_odd_grid_is_valid():
    # Level 1 is 400 wide: two columns, of which a floor would lose one.
    texture = VirtualTexture(0, 3 * 256 + 32, 256, 256)
    assert texture.is_tile_valid(1, 0, 1)
    assert not texture.is_tile_valid(2, 0, 1)


def test_tiles_that_do_not_exist_are_invalid():
    texture = VirtualTexture(0, 512, 512, 256)
    for tile in ((-1, 0, 0), (0, -1, 0), (2, 0, 0), (0, 2, 0), (0, 0, -1), (0, 0, 10)):
        assert not texture.is_tile_valid(*tile)
        with raises(ValueError, "no tile"):
            texture.get_tile_bounds(*tile)


def test_a_fraction_names_no_tile_and_a_text_is_a_type_error():
    texture = VirtualTexture(0, 1000, 600, 256)
    assert texture.is_tile_valid(1.0, 0) and texture.get_tile_bounds(1.0, 0) == (256, 0, 256, 256)
    for tile in ((0.5, 0), (0, 0.5), (0, 0, 0.5)):
        assert texture.is_tile_valid(*tile) is False
        with raises(ValueError, "no tile"):
            texture.get_tile_bounds(*tile)
    for tile in (("0", 0), (0, None), (0, 0, [])):
        with raises(TypeError, "tile_x|tile_y|mip_level"):
            texture.is_tile_valid(*tile)


def test_a_texture_has_positive_sizes():
    for arguments in ((0, 0, 1, 1), (0, 1, -1, 1), (0, 1, 1, 0)):
        with raises(ValueError, "positive"):
            VirtualTexture(*arguments)
    with raises(TypeError, "integer"):
        VirtualTexture(0, 1.5, 1, 1)


def test_memory_requirements_are_the_documented_ones():
    assert calculate_memory_requirements(
        texture_width=8192, texture_height=8192, tile_size=256, bytes_per_pixel=4
    ) == {
        "full_texture_size": 256 * MIB,
        "tile_count": 1024,
        "tile_memory_size": 256 * 1024,
        "recommended_cache_size": 64 * MIB,
    }
    large = calculate_memory_requirements(100_000, 50_001)
    tiles = 391 * 196
    assert large["tile_count"] == tiles
    assert large["recommended_cache_size"] == tiles // 10 * 256 * 256 * 4
    small = calculate_memory_requirements(100, 10, bytes_per_pixel=1)
    assert small["full_texture_size"] == 1000
    assert 0 < small["recommended_cache_size"] < 8 * MIB


def test_performance_estimates_are_the_documented_ones():
    assert estimate_streaming_performance(
        texture_size=(8192, 8192), tile_size=256, cache_size_mb=256, target_fps=60
    ) == {
        "cache_capacity_tiles": 1024,
        "tiles_per_frame_budget": 8,
        "memory_pressure_factor": 1.0,
        "recommended_prefetch_distance": 102,
    }
    roomy = estimate_streaming_performance((1024, 512), cache_size_mb=16, target_fps=1000)
    assert roomy == {
        "cache_capacity_tiles": 64,
        "tiles_per_frame_budget": 1,
        "memory_pressure_factor": 8 / 64,
        "recommended_prefetch_distance": 6,
    }
    none = estimate_streaming_performance((300, 300), tile_size=1024, cache_size_mb=1)
    assert none["cache_capacity_tiles"] == 0 and none["memory_pressure_factor"] == 1.0


def test_impossible_plans_are_refused():
    for name in ("texture_width", "texture_height", "tile_size", "bytes_per_pixel"):
        arguments = {"texture_width": 8, "texture_height": 8, name: 0}
        with raises(ValueError, name):
            calculate_memory_requirements(**arguments)
    with raises(TypeError, "width and height"):
        estimate_streaming_performance(8192)
    for name in ("tile_size", "cache_size_mb", "target_fps"):
        with raises(ValueError, name):
            estimate_streaming_performance((8, 8), **{name: 0})


def test_statistics_come_from_a_dictionary():
    stats = StreamingStats(
        {
            "cache_hits": 3,
            "cache_misses": 1,
            "memory_used": 5 * MIB,
            "memory_limit": 20 * MIB,
            "atlas_utilization": 0.5,
            "prefetches_used": 2,
            "forced_mip_bias": 1.5,
            "something_new": 4,
        }
    )
    assert stats.cache_hit_rate == 75.0
    assert stats.memory_utilization == 25.0
    assert (stats.tiles_loaded, stats.bytes_uploaded, stats.prefetches_used) == (0, 0, 2)
    text = str(stats)
    assert text.startswith("StreamingStats(") and text.endswith(")")
    for part in ("75.0%", "25.0%", "5.0 MiB", "20.0 MiB", "50.0%", "1.50 levels"):
        assert part in text, text
    assert stats.as_dict()["cache_hit_rate"] == 75.0
    assert stats == StreamingStats(stats.as_dict())
    given = StreamingStats({"memory_used": 5, "memory_limit": 20, "memory_utilization": 60})
    assert given.memory_utilization == 60.0


def test_empty_statistics_are_defined():
    stats = StreamingStats({})
    assert stats.cache_hit_rate == 100.0
    assert stats.memory_utilization == 0.0
    assert stats.atlas_utilization == 0.0 and type(stats.atlas_utilization) is float
