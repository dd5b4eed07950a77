import { runPythonTests } from "./python_tests.ts";

runPythonTests("test_camera.py", "forge3d.camera makes matrices that project as stated");
runPythonTests("test_planning.py", "planning is arithmetic that needs no device");
runPythonTests("test_convert.py", "matrices are read from whatever the caller has");
runPythonTests("test_image.py", "images are buffers, files and arrays");
