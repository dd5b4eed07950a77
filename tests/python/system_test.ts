import { runPythonTests } from "./python_tests.ts";

runPythonTests("test_system.py", "forge3d.streaming does what its documentation says");
runPythonTests(
  "test_waiting.py",
  "calls wait where they can, in their order, and say so elsewhere",
);
