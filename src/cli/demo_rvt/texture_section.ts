/**
 * The part of the report that shows the textures.
 *
 * @module
 */

import { MATERIAL_TYPE_NAMES, MATERIAL_TYPES, type MaterialTypeName } from "../../rvt/mod.ts";
import { escapeMarkup } from "../demo/markup.ts";
import { TEXTURE_USES } from "./island_textures.ts";
import { levelLegend } from "./level_legend.ts";
import { figure } from "./report_figure.ts";
import type { TextureView } from "./texture_views.ts";

/** Style sheet of the part. */
export const TEXTURE_STYLE = `
.texture { display: grid; grid-template-columns: minmax(150px, 1.3fr) repeat(4, 1fr); gap: 12px; margin: 0 0 16px; padding-top: 16px; border-top: 1px solid var(--rule); }
.texture h3 { font-size: 15px; line-height: 1.3; margin: 0 0 6px; }
.texture p { font-size: 13px; margin: 0 0 6px; }
.texture figure { margin: 0; padding: 8px; }
.texture figcaption { font-size: 12px; margin-top: 6px; }
.texture img { background: #181a1e; }
@media (max-width: 700px) { .texture { grid-template-columns: 1fr 1fr; } .texture div { grid-column: 1 / -1; } }
`;

/** A row for each texture: what it is for, its planes, and its levels. */
export async function textureSection(
  { views, texels, levelCount }: {
    readonly views: readonly TextureView[];
    /** Texels of each texture, as text. */
    readonly texels: Readonly<Record<MaterialTypeName, string>>;
    /** Most levels of a texture. */
    readonly levelCount: number;
  },
): Promise<string> {
  const rows = await Promise.all(MATERIAL_TYPE_NAMES.map(async (materialType) => {
    const own = views.filter((view) => view.materialType === materialType);
    const figures = await Promise.all(
      own.map((view) => figure(view.picture, viewName(view))),
    );
    return `<section class="texture">
<div><h3>${escapeMarkup(MATERIAL_TYPES[materialType].label)}</h3>
<p>${escapeMarkup(texels[materialType])} texels</p>
<p>${escapeMarkup(TEXTURE_USES[materialType])}</p></div>
${figures.join("\n")}
</section>`;
  }));
  return `<p>Each plane from above, as it is stored, and the tiles that are shown there, outlined and coloured by
level.</p>
${levelLegend(levelCount)}
${rows.join("\n")}`;
}

/** What a view shows of its texture. */
function viewName({ plane, format }: TextureView): string {
  return plane === null ? "levels" : `plane ${plane}: ${format}`;
}
