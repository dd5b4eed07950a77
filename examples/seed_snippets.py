"""Every call that the documentation of streaming shows, with its arguments, as one script.

What the snippets leave open (the device, textures, matrices, the loop) is made here. Run it with
``deno task py examples/seed_snippets.py``.
"""
# picture: not compared, it prints text

import os
import tempfile

import forge3d
import forge3d.camera as camera
import forge3d.streaming as streaming
from helpers.tiny_ktx2 import write_bc7, write_rgba8

try:
    import numpy as np
except ModuleNotFoundError:
    np = None

# --- What the snippets assume -----------------------------------------------------------------


def make_textures():
    """Write the files that the snippets load, in this folder and far smaller than their names."""
    os.mkdir("assets")
    for name in (
        "large_terrain.ktx2",
        "assets/world_texture_8192x8192.ktx2",
        "terrain_diffuse_8192.ktx2",
        "terrain_normal_8192.ktx2",
        "terrain_material_8192.ktx2",
    ):
        write_rgba8(name, 300, 200, lambda u, v: (int(255 * u), int(255 * v), 128))
    write_bc7("terrain_bc7_8192.ktx2", 600, 400, lambda u, v: (int(255 * u), int(255 * v), 128))


def matrix(rows):
    """Return a matrix as in the snippets: an array if numpy is installed."""
    return np.array(rows) if np else rows


def get_camera_position():
    return (100.0, 80.0, 50.0)


def get_view_matrix():
    x, y, z = get_camera_position()
    return matrix(camera.look_at((x, y, z), (x, y, 0.0)))


def get_projection_matrix():
    return matrix(camera.perspective(60.0, 16 / 9, 1.0, 10_000.0))


def get_camera_world_position_2d():
    return get_camera_position()[:2]


def render_scene_with_virtual_texture(texture):
    vt_system.render(get_camera_position(), get_view_matrix(), get_projection_matrix(), 64, 36)


home = os.getcwd()
folder = tempfile.TemporaryDirectory()
os.chdir(folder.name)
make_textures()
view_matrix = get_view_matrix()
proj_matrix = get_projection_matrix()

# --- VirtualTextureSystem ---------------------------------------------------------------------

device = forge3d.get_device()

# Initialize with 256MB memory budget
vt_system = streaming.VirtualTextureSystem(device, max_memory_mb=256)

# Load a large texture for streaming
texture = vt_system.load_texture("large_terrain.ktx2")

# --- Camera-based streaming -------------------------------------------------------------------

# Update streaming based on camera movement
camera_pos = (1000, 2000, 500)  # World coordinates
result = vt_system.update_streaming(camera_pos, view_matrix, proj_matrix)

print(f"Loaded {result['tiles_loaded']} new tiles")
print(f"Evicted {result['tiles_evicted']} old tiles")

# --- Memory budget ----------------------------------------------------------------------------

# Conservative budget for mobile/integrated GPUs
vt_system = streaming.VirtualTextureSystem(device, max_memory_mb=128)

# Higher budget for dedicated GPUs
vt_system = streaming.VirtualTextureSystem(device, max_memory_mb=512)

# --- Tile size --------------------------------------------------------------------------------

# Smaller tiles (more granular streaming, higher overhead)
vt_system = streaming.VirtualTextureSystem(device, tile_size=128)

# Larger tiles (less overhead, coarser streaming)
vt_system = streaming.VirtualTextureSystem(device, tile_size=512)

# --- Quality settings -------------------------------------------------------------------------

# High quality (more aggressive loading)
vt_system.set_quality_settings(
    max_mip_bias=0.0,
    lod_scale=1.0,
    cache_priority_boost=2.0
)

# Performance focused (more conservative loading)
vt_system.set_quality_settings(
    max_mip_bias=1.0,
    lod_scale=0.8,
    cache_priority_boost=1.0
)

# --- Basic streaming setup --------------------------------------------------------------------

# Initialize system
device = forge3d.get_device()
vt_system = streaming.VirtualTextureSystem(device, max_memory_mb=256)

# Load virtual texture
texture = vt_system.load_texture("assets/world_texture_8192x8192.ktx2")
print(f"Virtual texture: {texture.size[0]}×{texture.size[1]} pixels")
print(f"Tile grid: {texture.tile_count[0]}×{texture.tile_count[1]} tiles")

running = True
frame = 0

# Main loop
while running:
    # Update camera position
    camera_pos = get_camera_position()
    view_matrix = get_view_matrix()
    proj_matrix = get_projection_matrix()

    # Stream tiles based on camera
    result = vt_system.update_streaming(camera_pos, view_matrix, proj_matrix)

    # Render using virtual texture
    render_scene_with_virtual_texture(texture)

    # Monitor performance
    if frame % 60 == 0:  # Once per second
        stats = vt_system.get_statistics()
        print(f"Cache hit rate: {stats.cache_hit_rate:.1f}%")
        print(f"Memory usage: {stats.memory_utilization:.1f}%")
    frame += 1
    running = frame < 3

# --- Prefetching ------------------------------------------------------------------------------

# Prefetch a region around the camera
camera_x, camera_y = get_camera_world_position_2d()
region_size = 1024  # pixels

success = vt_system.prefetch_region(
    texture,
    camera_x - region_size // 2,
    camera_y - region_size // 2,
    region_size,
    region_size,
    mip_level=0
)
print(f"Prefetched: {success}")

# --- Multiple textures ------------------------------------------------------------------------

# Load multiple textures
terrain_diffuse = vt_system.load_texture("terrain_diffuse_8192.ktx2")
terrain_normal = vt_system.load_texture("terrain_normal_8192.ktx2")
terrain_material = vt_system.load_texture("terrain_material_8192.ktx2")

# Update streaming for all textures
vt_system.update_streaming(camera_pos, view_matrix, proj_matrix)

# Check memory distribution
memory_info = vt_system.get_memory_info()
print(f"Total budget: {memory_info['total_budget'] // 1024 // 1024} MB")
print(f"Memory used: {memory_info['used_memory'] // 1024 // 1024} MB")

# --- Statistics tracking ----------------------------------------------------------------------

stats = vt_system.get_statistics()

print(f"Performance Metrics:")
print(f"  Cache hit rate: {stats.cache_hit_rate:.1f}%")
print(f"  Memory utilization: {stats.memory_utilization:.1f}%")
print(f"  Atlas utilization: {stats.atlas_utilization * 100:.1f}%")
print(f"  Active tiles: {stats.active_tiles}")
print(f"  Tiles loaded this session: {stats.tiles_loaded}")
print(f"  Tiles evicted this session: {stats.tiles_evicted}")

# --- Memory analysis --------------------------------------------------------------------------

# Calculate memory requirements for a texture
requirements = streaming.calculate_memory_requirements(
    texture_width=8192,
    texture_height=8192,
    tile_size=256,
    bytes_per_pixel=4  # RGBA8
)

print(f"Full texture size: {requirements['full_texture_size'] // 1024 // 1024} MB")
print(f"Total tiles: {requirements['tile_count']}")
print(f"Memory per tile: {requirements['tile_memory_size'] // 1024} KB")
print(f"Recommended cache: {requirements['recommended_cache_size'] // 1024 // 1024} MB")

# --- Performance estimation -------------------------------------------------------------------

# Estimate performance for a given setup
perf = streaming.estimate_streaming_performance(
    texture_size=(8192, 8192),
    tile_size=256,
    cache_size_mb=256,
    target_fps=60
)

print(f"Performance Estimates:")
print(f"  Cache capacity: {perf['cache_capacity_tiles']} tiles")
print(f"  Tiles per frame budget: {perf['tiles_per_frame_budget']}")
print(f"  Memory pressure: {perf['memory_pressure_factor'] * 100:.1f}%")
print(f"  Recommended prefetch distance: {perf['recommended_prefetch_distance']} tiles")

# --- Staging rings ----------------------------------------------------------------------------

# The system automatically uses staging rings when available
import forge3d.memory as memory

# Initialize memory management systems
memory.init_memory_system(device, staging_memory_mb=64, pool_memory_mb=128)

# Virtual texture system will use staging rings for tile uploads
vt_system = streaming.VirtualTextureSystem(device, max_memory_mb=256)

# Not in the snippet, which shows no effect: tiles go through the rings
vt_system.load_texture("large_terrain.ktx2")
vt_system.update_streaming((150, 100, 60), time_budget_ms=None)
print(f"Uploads through rings: {memory.staging_stats()['bytes_in_flight'] > 0}")

# --- Compressed textures ----------------------------------------------------------------------

# Load compressed virtual texture
texture = vt_system.load_texture(
    "terrain_bc7_8192.ktx2",
    preferred_format="BC7",  # Will use compression if available
    quality="high"
)

# Compression reduces memory usage by ~50-75%
stats = vt_system.get_statistics()
print(f"Effective memory reduction from compression: ~{100 - (stats.memory_used / stats.memory_limit) * 100:.0f}%")

# --- From C++ ---------------------------------------------------------------------------------

# What PyObject_CallMethod(vt_system, "update_streaming", "(fff)(O)(O)", …) passes
update_result = vt_system.update_streaming(camera_pos, (view_matrix,), (proj_matrix,))
tiles_loaded = update_result["tiles_loaded"]
tiles_evicted = update_result["tiles_evicted"]

# --- Performance optimization -----------------------------------------------------------------

for rendering_static_scenes, fast_camera_movement, memory_constrained in (
    (True, False, False),
    (False, True, False),
    (False, False, True),
):
    # Optimize for your use case
    if rendering_static_scenes:
        # Reduce update frequency, increase cache size
        vt_system.set_quality_settings(cache_priority_boost=3.0)
    elif fast_camera_movement:
        # More aggressive prefetching
        vt_system.set_quality_settings(max_mip_bias=0.5, lod_scale=1.2)
    elif memory_constrained:
        # More conservative loading
        vt_system.set_quality_settings(lod_scale=0.6)

# --- Debug information ------------------------------------------------------------------------

# Get detailed memory breakdown
memory_info = vt_system.get_memory_info()
for key, value in memory_info.items():
    if 'memory' in key:
        print(f"{key}: {value // 1024 // 1024} MB")
    else:
        print(f"{key}: {value}")

# Monitor tile loading patterns
stats = vt_system.get_statistics()
if stats.cache_hit_rate < 80.0:
    print("Warning: Low cache hit rate - consider increasing memory budget")

if stats.memory_utilization > 90.0:
    print("Warning: High memory pressure - consider reducing quality settings")

# --- The end ----------------------------------------------------------------------------------

vt_system.close()
os.chdir(home)
folder.cleanup()
print("All snippets ran")
