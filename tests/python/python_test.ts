import { runPythonTests } from "./python_tests.ts";

runPythonTests("the parts of the package that need no device hold", [
  "test_camera.py",
  "test_planning.py",
  "test_convert.py",
  "test_image.py",
]);
