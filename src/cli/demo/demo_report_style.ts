/**
 * The look of the report, in light and in dark.
 *
 * @module
 */

/** Style sheet of the page and of its charts. */
export const REPORT_STYLE = `
:root {
  --page: #fbfbfa; --card: #ffffff; --ink: #1b1f24; --soft: #59636e; --rule: #e2e5e9;
  --c1: #1f6fbf; --c2: #c4560d; --c3: #12805c; --c4: #7a4cc2; --c5: #8a6d0b; --limit: #b3261e;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #14171a; --card: #1c2024; --ink: #e8eaed; --soft: #a3acb5; --rule: #343b42;
    --c1: #6cb2f5; --c2: #f2995a; --c3: #57c99c; --c4: #b99af0; --c5: #d9bd55; --limit: #ff8a80;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0; background: var(--page); color: var(--ink);
  font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif;
}
main { max-width: 1120px; margin: 0 auto; padding: 32px 20px 64px; }
h1 { font-size: 28px; line-height: 1.2; margin: 0 0 8px; }
h2 { font-size: 17px; margin: 0 0 4px; }
p { max-width: 72ch; margin: 0 0 20px; color: var(--soft); }
.facts { display: grid; grid-template-columns: repeat(auto-fill, minmax(200px, 1fr)); gap: 12px; margin: 0 0 24px; }
.facts div { background: var(--card); border: 1px solid var(--rule); border-radius: 8px; padding: 10px 14px; }
dt { color: var(--soft); font-size: 13px; }
dd { margin: 0; font-size: 19px; font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
figure { background: var(--card); border: 1px solid var(--rule); border-radius: 8px; padding: 16px; margin: 0 0 20px; }
figcaption { color: var(--soft); font-size: 14px; margin-top: 8px; }
img { display: block; width: 100%; height: auto; border-radius: 4px; }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 460px), 1fr)); gap: 20px; }
.charts figure { margin: 0; }
svg { display: block; width: 100%; height: auto; }
.legend { display: flex; flex-wrap: wrap; gap: 4px 16px; list-style: none; margin: 0 0 6px; padding: 0; font-size: 13px; color: var(--soft); }
.swatch { display: inline-block; width: 12px; height: 12px; border-radius: 3px; margin-right: 6px; vertical-align: -1px; }
.s1 { background: var(--c1); } .s2 { background: var(--c2); } .s3 { background: var(--c3); }
.s4 { background: var(--c4); } .s5 { background: var(--c5); }
.grid { stroke: var(--rule); stroke-width: 1; }
.tick { fill: var(--soft); font-size: 13px; font-variant-numeric: tabular-nums; }
.line { fill: none; stroke-width: 2; stroke-linejoin: round; }
.c1 { stroke: var(--c1); } .c2 { stroke: var(--c2); } .c3 { stroke: var(--c3); }
.c4 { stroke: var(--c4); } .c5 { stroke: var(--c5); }
.area { stroke: var(--card); stroke-width: 1; }
.f1 { fill: var(--c1); } .f2 { fill: var(--c2); } .f3 { fill: var(--c3); }
.f4 { fill: var(--c4); } .f5 { fill: var(--c5); }
.limit { stroke: var(--limit); stroke-width: 1.5; stroke-dasharray: 6 4; }
.limit-name { fill: var(--limit); font-size: 13px; }
.tip { fill: transparent; }
.tip:hover { fill: var(--soft); fill-opacity: 0.15; }
details { margin-top: 24px; }
summary { cursor: pointer; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; margin-top: 12px; font-size: 13px; font-variant-numeric: tabular-nums; }
th, td { padding: 3px 12px; text-align: right; border-bottom: 1px solid var(--rule); white-space: nowrap; }
`;
