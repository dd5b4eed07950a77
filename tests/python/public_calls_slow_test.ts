import { runPythonTests } from "./python_tests.ts";

runPythonTests("the Python package answers any argument with a typed error", [
  "test_public_calls.py",
  "rvt/test_rvt_public_calls.py",
  "rvt/test_files.py",
  "rvt/test_editor.py",
  "test_docstrings.py",
]);
