"""Public calls of the console, of projects and of their tools, with arguments that are right."""

import os

from forge3d import rvt

from scene import FOLDER


def project_calls():
    project = rvt.Project("a", assets=[{"name": "ground"}])
    folder = os.path.join(FOLDER, "project")
    rvt.save_project(project, folder)
    return {
        "Project": (rvt.Project, ("a",)),
        "Project.with_content": (project.with_content, ()),
        "Project.scene": (rvt.Project("a", scenes=[{"name": "main"}]).scene, ("main",)),
        "load_project": (rvt.load_project, (folder,)),
        # Another folder would be written to, whatever names it.
        "save_project": (lambda given: rvt.save_project(given, folder), (project,)),
        "find_materials": (rvt.find_materials, (project, "ground")),
        "fix_materials": (rvt.fix_materials, (project, "ground")),
    }


def console_calls(scene):
    console = rvt.VirtualTextureConsole(scene)
    name = "r.VT.MaxUploadsPerFrame"
    return {
        "VirtualTextureConsole": (rvt.VirtualTextureConsole, (scene,)),
        "VirtualTextureConsole.exec": (console.exec, ("help",)),
        "VirtualTextureConsole.get": (console.get, (name,)),
        "VirtualTextureConsole.set": (console.set, (name, 4)),
        "VirtualTextureConsole.reset": (console.reset, (name,)),
        "VirtualTextureConsole.set_scalability_level": (console.set_scalability_level, (None,)),
        "VirtualTextureConsole.variables": (console.variables, ()),
        "VirtualTextureConsole.statistics": (console.statistics, ()),
        "VirtualTextureConsole.memory": (console.memory, ()),
        "VirtualTextureConsole.flush_caches": (console.flush_caches, ()),
    }


def opening_calls(system, scene, asset):
    project = rvt.Project("a", scenes=[{"name": "main"}])

    def open_scene(*args):
        rvt.open_project_scene(*args).close()

    opened = rvt.open_project_scene(project, system)
    return {
        "open_project_scene": (open_scene, (project, system, "main")),
        "ProjectScene.close": (opened.close, ()),
        "check_project": (rvt.check_project, (project, "main")),
        "check_scene": (rvt.check_scene, (scene,)),
        "describe_scene": (rvt.describe_scene, (scene, "a")),
        "inspect_tile": (rvt.inspect_tile, (scene, asset, 0, 0, 0)),
    }
