"""Examples in docstrings say what is so."""

import doctest

import forge3d.camera
from forge3d import rvt
from forge3d.rvt import expressions, stored_attributes
from forge3d.rvt.components import deferred
from forge3d.rvt.editor import console
from forge3d.rvt.expressions import material_function


def test_examples_in_docstrings_are_true():
    known = {**vars(rvt), **vars(expressions), **vars(forge3d.camera)}
    modules = (
        forge3d.camera,
        expressions._node,
        material_function,
        rvt.asset,
        console,
        deferred,
        stored_attributes,
    )
    results = [doctest.testmod(module, extraglobs=known) for module in modules]
    assert sum(each.failed for each in results) == 0, results
    assert sum(each.attempted for each in results) >= 6, results
