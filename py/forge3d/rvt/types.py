"""Types that signatures name, for annotations of your own; options have modules of their own."""

from .._convert import Numbers
from ..camera import Matrix
from ._number_arrays import NumberBuffer
from .asset import AssetMemory
from .components.deferred import Load
from .components.draws import ComponentDraw, LandscapeSection
from .components.foliage import FoliageOptions
from .components.landscape import SurfacePoint
from .components.meshes import AnimatedMeshOptions, DecalOptions, InstancedMeshOptions
from .editor.console import ConsoleVariable, Scalability
from .editor.project import Documents, ProjectContent
from .editor.tools import Finding, FixedMaterials, FoundMaterial
from .expressions.inputs import ViewProperty
from .expressions.material_function import Build
from .low_mips.builds import ProgressFunction
from .low_mips.identity import FilePath
from .low_mips.opening import OpenStore
from .materials._documents import NamedByInstances, NamedObjects
from .materials._material_interface import MaterialInterface, MaterialOverrides
from .materials.material_instance import AnyMaterial
from .materials.material_texture import TextureOptions
from .mesh import NamedMesh
from .stored_attributes import AttributeInfo, MaterialTypeInfo
from .tile_grid import LevelGrid

__all__ = [
    "AnimatedMeshOptions",
    "AnyMaterial",
    "AssetMemory",
    "AttributeInfo",
    "Build",
    "ComponentDraw",
    "ConsoleVariable",
    "DecalOptions",
    "Documents",
    "FilePath",
    "Finding",
    "FixedMaterials",
    "FoliageOptions",
    "FoundMaterial",
    "InstancedMeshOptions",
    "LandscapeSection",
    "LevelGrid",
    "Load",
    "MaterialInterface",
    "MaterialOverrides",
    "MaterialTypeInfo",
    "Matrix",
    "NamedByInstances",
    "NamedMesh",
    "NamedObjects",
    "NumberBuffer",
    "Numbers",
    "OpenStore",
    "ProgressFunction",
    "ProjectContent",
    "Scalability",
    "SurfacePoint",
    "TextureOptions",
    "ViewProperty",
]
