import { runPythonTests } from "./python_tests.ts";

runPythonTests("the Python package answers any argument with a typed error", [
  "test_public_calls.py",
]);
