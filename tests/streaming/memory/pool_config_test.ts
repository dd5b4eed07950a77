import assert from "node:assert/strict";
import fc from "fast-check";
import { checkedPoolConfig, type PoolConfig, readPoolConfig } from "../../../src/streaming/mod.ts";

const INI = `; sizes for a machine with little memory
[/Script/Engine.Other]
Pools=nonsense
[/Script/Engine.VirtualTexturePoolConfig]
DefaultSizeInMegabyte=64
+Pools=(Formats=(PF_DXT1),MinTileSize=0,MaxTileSize=9999,SizeInMegabyte=28) ; one plane
+Pools=( Formats = (PF_DXT5, PF_BC5,PF_DXT1), MinTileSize=128, SizeInMegabyte=96.5,ScalabilityGroup=2 )
`;

const CONFIG: PoolConfig = {
  pools: [
    { formats: ["bc1-rgba-unorm"], minTileSize: 0, maxTileSize: 9999, sizeMb: 28 },
    {
      formats: ["bc3-rgba-unorm", "bc5-rg-unorm", "bc1-rgba-unorm"],
      minTileSize: 128,
      sizeMb: 96.5,
      scalabilityGroup: 2,
    },
  ],
  defaultSizeMb: 64,
};

Deno.test("an ini text is read as the same sizes are written as an object", () => {
  assert.deepEqual(readPoolConfig(INI), CONFIG);
  assert.deepEqual(checkedPoolConfig(JSON.parse(JSON.stringify(CONFIG))), CONFIG);
  assert.deepEqual(readPoolConfig(INI.replaceAll("\n", "\r\n")), CONFIG);
  assert.deepEqual(readPoolConfig(`${INI}!Pools=ClearArray\n`), { pools: [], defaultSizeMb: 64 });
  const [first, ...others] = CONFIG.pools!;
  const { minTileSize = 0, sizeMb } = first!;
  assert.ok(others.length > 0);
  const entry = (formats: string) =>
    `Pools=(SizeInMegabyte=${sizeMb},MinTileSize=${minTileSize},Formats=(${formats}))`;
  const both = `${entry("PF_G8")}\n+${entry('"PF_G16", "PF_BC5"')}`;
  assert.deepEqual(
    readPoolConfig(both).pools!.map(({ formats }) => formats),
    [["r8unorm"], ["r16unorm", "bc5-rg-unorm"]],
    "formats in quotes",
  );
  const without = readPoolConfig(
    `${both}\n-Pools=(Formats=(PF_G8),MinTileSize=${minTileSize},SizeInMegabyte=${sizeMb})`,
  );
  assert.deepEqual(without.pools, readPoolConfig(both).pools!.slice(1), "the same is taken away");
  assert.equal(readPoolConfig(`${both}\n-Pools=(Formats=(PF_G8))`).pools!.length, 2);
  assert.deepEqual(readPoolConfig("Pools=(Formats=(PF_G16))").pools, [{ formats: ["r16unorm"] }]);
  assert.deepEqual(readPoolConfig(""), { pools: [] });
  assert.deepEqual(readPoolConfig("; line\u2028separator\nPools=\u2029(Formats=(PF_G16))").pools, [
    { formats: ["r16unorm"] },
  ]);
});

Deno.test("an ini text that cannot be read is refused by its line, with what was expected", () => {
  const cases: readonly (readonly [string, RegExp])[] = [
    ["\nPools=(Formats=(PF_NOPE))", /line 2, as a format must be one of PF_DXT1, .*: .* PF_NOPE$/],
    ["Pools=(Formats=(PF_DXT1),SizeInMegabyte=-1)", /line 1, as it must be SizeInMegabyte=NUMBER/],
    [
      "Pools=(Formats=(PF_DXT1),SizeInMegabyte=0)",
      /line 1, as pools\[0\].sizeMb must be finite and > 0/,
    ],
    [
      "Pools=(Formats=(PF_DXT1),Size=4)",
      /line 1, as it must be one of the keys Formats, .*: .* Size$/,
    ],
    ["Pools=(MinTileSize=4)", /pools\[0\].formats must be a list/],
    ["Pools=(Formats=(PF_DXT1),MinTileSize=9,MaxTileSize=8)", /minTileSize must be <= maxTileSize/],
    ["Pools=(Formats=(PF_DXT1),MinTileSize=1,MinTileSize=2)", /keys that stand once each/],
    ["Pools=(Formats=(PF_DXT1)", /KEY=VALUE|Pools=\(/],
    ["Pools=(Formats=PF_DXT1)", /Formats=\(…\)/],
    ["DefaultSizeInMegabyte=much", /DefaultSizeInMegabyte=NUMBER: current text is much/],
    ["Pool=(Formats=(PF_DXT1))", /a section, Pools=\(…\) or DefaultSizeInMegabyte=…/],
    ["x".repeat(2 ** 20 + 1), /at most 1048576 characters/],
  ];
  for (const [text, message] of cases) {
    assert.throws(
      () => readPoolConfig(text),
      { message, name: /InvalidArgument|OutOfRange/ },
      text.slice(0, 60),
    );
  }
  assert.throws(() => readPoolConfig(1 as never), /text must be a string/);
});

Deno.test("any text is read or refused by a typed error, and long lines at once", () => {
  const parts = [
    "Pools",
    "=",
    "(",
    ")",
    ",",
    " ",
    ";",
    "\n",
    "+",
    "[x]",
    "Formats",
    "PF_BC5",
    "1",
    ".",
  ];
  fc.assert(fc.property(fc.array(fc.constantFrom(...parts), { maxLength: 30 }), (text) => {
    try {
      readPoolConfig(text.join(""));
    } catch (error) {
      assert.match((error as Error).name, /^(InvalidArgument|OutOfRange)Error$/, text.join(""));
    }
  }));
  const blank = " ".repeat(2 ** 19);
  const lines = [
    `Pools=(MinTileSize=${blank}()`,
    `Pools=(Formats=(PF_BC5)${blank}x)`,
    `Pools${blank}x`,
    `Pools=${blank}x\u2028)`,
    `${";".repeat(2 ** 19)}\u2028\nx`,
  ];
  const start = performance.now();
  for (const line of lines) {
    assert.throws(() => readPoolConfig(line), { name: "InvalidArgumentError" });
  }
  assert.ok(performance.now() - start < 1000, "not by the square of their length");
});

Deno.test("an object of sizes that is wrong is refused by its path", () => {
  const cases: readonly (readonly [unknown, RegExp])[] = [
    [null, /pools must be an object/],
    [{ pool: [] }, /there is no key pool: there are pools, defaultSizeMb/],
    [{ pools: {} }, /pools must be a list of 0 to 1000 elements: current value is Object/],
    [{ pools: [{ formats: [] }] }, /pools\[0\].formats must be a list of 1 to 3 elements/],
    [{ pools: [{ formats: ["bc2"] }] }, /pools\[0\].formats\[0\] must be one of r8unorm/],
    [{ pools: [{ formats: ["r8unorm"], sizeMB: 4 }] }, /no pools\[0\] key sizeMB/],
    [{ pools: [{ formats: ["r8unorm"], sizeMb: "4" }] }, /pools\[0\].sizeMb must be a number/],
    [
      { pools: [{ formats: ["r8unorm"], scalabilityGroup: 0.5 }] },
      /scalabilityGroup must be an integer/,
    ],
    [{ defaultSizeMb: NaN }, /defaultSizeMb must be finite and > 0/],
    [{ pools: new Array(1001).fill({ formats: ["r8unorm"] }) }, /0 to 1000 elements/],
  ];
  for (const [value, message] of cases) {
    assert.throws(() => checkedPoolConfig(value), { message }, `${message}`);
  }
});
