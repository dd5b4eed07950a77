import { runPythonTests } from "../python_tests.ts";

runPythonTests("forge3d.rvt makes, draws and edits what the library does", [
  "rvt/test_expressions.py",
  "rvt/test_materials.py",
  "rvt/test_components.py",
  "rvt/test_scene.py",
]);
