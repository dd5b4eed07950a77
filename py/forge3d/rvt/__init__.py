"""Runtime virtual textures: textures whose tiles are rendered on demand from a scene's materials.

An asset says what is stored, a volume where it lies; materials write it and sample it; components
are rendered to it, and the scene ties them together::

    from forge3d import rvt
    from forge3d.rvt.expressions import lerp, runtime_virtual_texture_sample, world_position

The guide ``examples/rvt_quick_start.md`` goes from nothing to a first picture.

Settings change by ``change()``, and pins by ``connect()``; other attributes than those that are
documented are refused. Objects of classes of your own, which extend these, may have more, and stay
the same objects for as long as a scene, or what is in it, has them. :mod:`forge3d.rvt.types` has
the types that signatures name.

Everything here is also there in TypeScript. What is for pipelines of your own is there alone: WGSL
and bindings that sample a texture, and renderers of draws. So are the nodes of a material's graph,
which are read here from its document (``to_json``), and components of your own classes.
"""

from . import component_options, expressions, options, types
from ._subscription import Subscription
from .asset import RuntimeVirtualTexture
from .components.component import ComponentChange, PrimitiveComponent
from .components.deferred import DeferredComponent
from .components.draws import LandscapeDraw, MeshDraw
from .components.foliage import FoliageComponent, scatter_transforms
from .components.landscape import LandscapeComponent
from .components.meshes import (
    AnimatedMeshComponent,
    DecalComponent,
    InstancedStaticMeshComponent,
    MeshComponent,
    SkeletalMeshComponent,
    StaticMeshComponent,
)
from .components.spline import LandscapeSplineComponent
from .editor.console import VirtualTextureConsole
from .editor.project import (
    Project,
    ProjectScene,
    describe_scene,
    describe_scene_async,
    load_project,
    load_project_async,
    open_project_scene,
    open_project_scene_async,
    save_project,
    save_project_async,
)
from .editor.tools import (
    check_project,
    check_project_async,
    check_scene,
    find_materials,
    fix_materials,
    inspect_tile,
    inspect_tile_async,
)
from .expressions.material_function import MaterialFunction
from .low_mips.builder import VirtualTextureBuilder
from .low_mips.builds import BuildProgress, BuildReport
from .low_mips.identity import file_identity, file_identity_async
from .materials.material import Material
from .materials.material_instance import MaterialInstance
from .materials.material_texture import (
    MaterialTexture,
    load_material_texture,
    load_material_texture_async,
)
from .mesh import (
    HeightPicture,
    Mesh,
    box_mesh,
    grid_mesh,
    load_glb,
    load_glb_async,
    load_height_picture,
    load_height_picture_async,
    make_mesh,
    plane_mesh,
    simplify_mesh,
    simplify_mesh_async,
)
from .rotation import rotation_about
from .scene import RuntimeVirtualTextureScene
from .stored_attributes import attributes, material_types
from .tile_grid import TileGrid
from .volume import RuntimeVirtualTextureVolume

__all__ = [
    "AnimatedMeshComponent",
    "BuildProgress",
    "BuildReport",
    "ComponentChange",
    "DecalComponent",
    "DeferredComponent",
    "FoliageComponent",
    "HeightPicture",
    "InstancedStaticMeshComponent",
    "LandscapeComponent",
    "LandscapeDraw",
    "LandscapeSplineComponent",
    "Material",
    "MaterialFunction",
    "MaterialInstance",
    "MaterialTexture",
    "Mesh",
    "MeshComponent",
    "MeshDraw",
    "PrimitiveComponent",
    "Project",
    "ProjectScene",
    "RuntimeVirtualTexture",
    "RuntimeVirtualTextureScene",
    "RuntimeVirtualTextureVolume",
    "SkeletalMeshComponent",
    "StaticMeshComponent",
    "Subscription",
    "TileGrid",
    "VirtualTextureBuilder",
    "VirtualTextureConsole",
    "attributes",
    "box_mesh",
    "check_project",
    "check_project_async",
    "check_scene",
    "component_options",
    "describe_scene",
    "describe_scene_async",
    "expressions",
    "file_identity",
    "file_identity_async",
    "find_materials",
    "fix_materials",
    "grid_mesh",
    "inspect_tile",
    "inspect_tile_async",
    "load_glb",
    "load_glb_async",
    "load_height_picture",
    "load_height_picture_async",
    "load_material_texture",
    "load_material_texture_async",
    "load_project",
    "load_project_async",
    "make_mesh",
    "material_types",
    "open_project_scene",
    "open_project_scene_async",
    "options",
    "plane_mesh",
    "rotation_about",
    "save_project",
    "save_project_async",
    "scatter_transforms",
    "simplify_mesh",
    "simplify_mesh_async",
    "types",
]
