import assert from "node:assert/strict";
import { levelLegend } from "../../../src/cli/demo_rvt/level_legend.ts";
import { type TextureView, viewsInRows } from "../../../src/cli/demo_rvt/texture_views.ts";
import { Picture } from "../../../src/scene/mod.ts";

function viewOf(
  materialType: TextureView["materialType"],
  plane: number | null,
): TextureView {
  const picture = new Picture(1, 1, Uint8Array.of(plane ?? 9, 0, 0, 255));
  return { materialType, plane, format: plane === null ? null : "rgba8unorm", picture };
}

Deno.test("a sheet has a row for each texture, with levels in the last column", () => {
  const views = [
    ...[0, null].map((plane) => viewOf("base_color", plane)),
    ...[0, 1, 2, null].map((plane) => viewOf("ycocg_base_color_normal_specular", plane)),
    ...[0, null].map((plane) => viewOf("mask4", plane)),
  ];
  const { pictures, columns } = viewsInRows(views);
  assert.equal(columns, 4);
  const shown = pictures.map(({ data }) => data[3] === 0 ? "-" : String(data[0]));
  assert.equal(shown.join(""), "0--9" + "0129" + "0--9");
});

Deno.test("the legend names each level, with a colour of its own", () => {
  const legend = levelLegend(7);
  const colors = [...legend.matchAll(/rgb\(\d+ \d+ \d+\)"><\/span>level (\d)/g)];
  assert.deepEqual(colors.map(([, level]) => Number(level)), [0, 1, 2, 3, 4, 5, 6]);
  assert.equal(new Set(legend.match(/rgb\([^)]*\)/g)).size, 7);
});
