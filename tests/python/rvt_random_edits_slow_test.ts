import { runPythonTests } from "./python_tests.ts";

runPythonTests("random edits of runtime virtual textures from Python", [
  "rvt/test_random_edits.py",
]);
