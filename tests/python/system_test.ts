import { runPythonTests } from "./python_tests.ts";

runPythonTests("forge3d.streaming streams, and waits where it can", [
  "test_options.py",
  "test_callbacks.py",
  "test_loading.py",
  "test_system.py",
  "test_invalidate.py",
  "test_waiting.py",
]);
