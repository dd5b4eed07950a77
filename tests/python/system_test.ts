import { runPythonTests } from "./python_tests.ts";

runPythonTests("forge3d streams, draws scenes, and waits where it can", [
  "test_options.py",
  "test_messages.py",
  "test_callbacks.py",
  "test_loading.py",
  "test_rasters.py",
  "test_images.py",
  "test_system.py",
  "test_invalidate.py",
  "test_memory.py",
  "test_waiting.py",
  "rvt/test_rvt_options.py",
  "rvt/test_expressions.py",
  "rvt/test_materials.py",
  "rvt/test_components.py",
  "rvt/test_reading.py",
  "rvt/test_subscriptions.py",
  "rvt/test_attributes.py",
  "rvt/test_number_arrays.py",
  "rvt/test_scene.py",
  "rvt/test_low_mips.py",
]);
