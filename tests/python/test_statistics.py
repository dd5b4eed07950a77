"""What the documentation of streaming prints of statistics, and the advice that it gives."""

from forge3d.streaming import RegionSource

from scene import BC7, PATH, make, settle


def test_what_is_said_by_the_statistics_is_true():
    saved = {}
    for path in (PATH, BC7):
        with make() as system:
            system.load_texture(path)
            settle(system)
            stats = system.get_statistics()
            # As the documentation of streaming prints it.
            reduction = f"~{100 - (stats.memory_used / stats.memory_limit) * 100:.0f}%"
            saved[path] = reduction, stats.uncompressed_bytes // stats.compressed_bytes
            assert stats.memory_utilization < 90.0 and stats.forced_mip_bias == 0.0
            assert str(stats).startswith("StreamingStats(")
    assert saved == {PATH: ("~0%", 1), BC7: ("~75%", 4)}
    with make(max_memory_mb=1) as system:
        source = RegionSource(lambda *region: bytes(region[3] * region[4]), (8192, 8192), "r8")
        system.load_texture(source)
        place = ((4000, 4000, 4000), None, None)
        system.update_streaming(*place, viewport=(4000, 3000), time_budget_ms=None)
        assert system.get_statistics().memory_utilization > 90.0
        # What the warning says: reduce the quality settings.
        system.set_quality_settings(lod_scale=0.01)
        for _ in range(40):
            system.update_streaming(*place, viewport=(4000, 3000), time_budget_ms=None)
        assert system.get_statistics().memory_utilization < 90.0
