"""The nodes of materials: functions that make them, and operators between them.

A graph is whatever a node reaches; values are one to four 32-bit floating-point numbers, and
numbers become constants by themselves::

    from forge3d.rvt.expressions import layer_weight, lerp, world_position

    height = world_position().z
    color = lerp([0.1, 0.3, 0.05], [0.9, 0.9, 0.95], height > 40)
    color = lerp(color, [0.35, 0.3, 0.28], layer_weight("rock"))
"""

from ._node import Expression, ExpressionInput
from .arithmetic import (
    absolute,
    add,
    clamp,
    cosine,
    divide,
    floor,
    fraction,
    lerp,
    maximum,
    minimum,
    multiply,
    one_minus,
    power,
    saturate,
    sine,
    smoothstep,
    sqrt,
    step,
    subtract,
)
from .inputs import (
    constant,
    custom_wgsl,
    layer_weight,
    noise,
    scalar_parameter,
    texture_coordinate,
    vector_parameter,
    vertex_normal,
    view_property,
    world_position,
)
from .material_function import MaterialFunction
from .sample_options import (
    MaterialPins,
    OutputPins,
    RuntimeSampleOptions,
    SurfacePins,
    VirtualSampleOptions,
)
from .samples import (
    RuntimeVirtualTextureOutput,
    RuntimeVirtualTextureSample,
    convert_to_parameter,
    runtime_virtual_texture_output,
    runtime_virtual_texture_replace,
    runtime_virtual_texture_sample,
    runtime_virtual_texture_sample_parameter,
    texture_sample,
    texture_sample_parameter,
    virtual_texture_feature_switch,
    virtual_texture_sample,
)
from .vectors import (
    append,
    blend_normals,
    component_mask,
    cross,
    distance,
    dot,
    length,
    normalize,
)

__all__ = [
    "Expression",
    "ExpressionInput",
    "MaterialFunction",
    "MaterialPins",
    "OutputPins",
    "RuntimeSampleOptions",
    "RuntimeVirtualTextureOutput",
    "RuntimeVirtualTextureSample",
    "SurfacePins",
    "VirtualSampleOptions",
    "absolute",
    "add",
    "append",
    "blend_normals",
    "clamp",
    "component_mask",
    "constant",
    "convert_to_parameter",
    "cosine",
    "cross",
    "custom_wgsl",
    "distance",
    "divide",
    "dot",
    "floor",
    "fraction",
    "layer_weight",
    "length",
    "lerp",
    "maximum",
    "minimum",
    "multiply",
    "noise",
    "normalize",
    "one_minus",
    "power",
    "runtime_virtual_texture_output",
    "runtime_virtual_texture_replace",
    "runtime_virtual_texture_sample",
    "runtime_virtual_texture_sample_parameter",
    "saturate",
    "scalar_parameter",
    "sine",
    "smoothstep",
    "sqrt",
    "step",
    "subtract",
    "texture_coordinate",
    "texture_sample",
    "texture_sample_parameter",
    "vector_parameter",
    "vertex_normal",
    "view_property",
    "virtual_texture_feature_switch",
    "virtual_texture_sample",
    "world_position",
]
