"""Runtime virtual textures: textures whose tiles are rendered on demand from a scene's materials.

An asset says what is stored, a volume where it lies; materials write it and sample it; components
are rendered to it, and the scene ties them together::

    from forge3d import rvt
    from forge3d.rvt.expressions import lerp, runtime_virtual_texture_sample, world_position

The guide ``examples/rvt_quick_start.md`` goes from nothing to a first picture.
"""

from . import component_options, expressions, options
from .asset import RuntimeVirtualTexture
from .components.component import PrimitiveComponent
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
from .expressions.material_function import MaterialFunction
from .material import Material
from .material_instance import MaterialInstance
from .material_texture import (
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
from .volume import RuntimeVirtualTextureVolume

__all__ = [
    "AnimatedMeshComponent",
    "DecalComponent",
    "FoliageComponent",
    "HeightPicture",
    "InstancedStaticMeshComponent",
    "LandscapeComponent",
    "LandscapeSplineComponent",
    "Material",
    "MaterialFunction",
    "MaterialInstance",
    "MaterialTexture",
    "Mesh",
    "MeshComponent",
    "PrimitiveComponent",
    "RuntimeVirtualTexture",
    "RuntimeVirtualTextureScene",
    "RuntimeVirtualTextureVolume",
    "SkeletalMeshComponent",
    "StaticMeshComponent",
    "box_mesh",
    "component_options",
    "expressions",
    "grid_mesh",
    "load_glb",
    "load_glb_async",
    "load_height_picture",
    "load_height_picture_async",
    "load_material_texture",
    "load_material_texture_async",
    "make_mesh",
    "options",
    "plane_mesh",
    "rotation_about",
    "scatter_transforms",
    "simplify_mesh",
    "simplify_mesh_async",
]
