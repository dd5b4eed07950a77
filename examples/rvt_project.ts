/**
 * A scene from JSON files: a valley with a road and leaves, whose ground is shaded once, into a runtime
 * virtual texture. It is checked, opened and drawn twice: with virtual texturing, and without, as on a
 * machine that does not support it. Feature switches in the ground's material shade it directly then, the
 * road is drawn as a mesh of its own, and the leaves are left out.
 *
 *     deno run --allow-all examples/rvt_project.ts [FOLDER]
 *
 * picture: not compared, the test looks for grass, road and leaves in both
 *
 * @module
 */

import {
  checkProject,
  loadProject,
  lookAt,
  openProjectScene,
  perspective,
  renderScene,
  requestDevice,
  VirtualTextureSystem,
} from "@forge3d/forge3d";

const WIDTH = 640;
const HEIGHT = 360;
const LIGHT = { towardsLight: [-0.4, 0.3, 0.8], background: [0.42, 0.61, 0.83, 1] };

const folder = Deno.args[0] ?? "out";
await Deno.mkdir(folder, { recursive: true });

const path = new URL("valley_project", import.meta.url).pathname;
const project = await loadProject(path);
const findings = await checkProject(project);
for (const { severity, message } of findings) console.log(`${severity}: ${message}`);
console.log(`Checked: ${findings.length} findings`);

using device = await requestDevice();
using system = new VirtualTextureSystem(device, { maxMemoryMb: 128 });
await using opened = await openProjectScene(project, system);
const { scene, json } = opened;

const { position, target, fovYDegrees = 60 } = json.camera!;
const matrices = {
  position,
  view: lookAt(position, target, { up: [0, 0, 1] }),
  projection: perspective({ fovYDegrees, aspect: WIDTH / HEIGHT, near: 0.1, far: 1000 }),
};

for (const virtualTexturing of [true, false]) {
  scene.change({ virtualTexturing });
  await scene.settled();
  const { tilesLoaded } = await system.update({ ...matrices, viewport: [WIDTH, HEIGHT] });
  const camera = { ...matrices, width: WIDTH, height: HEIGHT };
  const picture = await renderScene(scene, camera, LIGHT);
  const name = virtualTexturing ? "valley.png" : "valley_without_virtual_texturing.png";
  await Deno.writeFile(`${folder}/${name}`, await picture.toPng());
  console.log(`${name}: ${tilesLoaded} tiles rendered`);
}
