import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { runCommand } from "../../src/cli/command.ts";
import { parseCommandLine } from "../../src/cli/command_line.ts";
import { countText } from "../../src/cli/count_text.ts";
import { projectFolder } from "../../src/cli/folders.ts";
import { InvalidArgumentError } from "../../src/errors.ts";

const OPTIONS = {
  output: { type: "string", short: "o" },
  lane: { type: "string", multiple: true },
  json: { type: "boolean" },
} as const;

function parse(...args: string[]) {
  const { values, positionals } = parseCommandLine(args, {
    failure: "Cannot work",
    options: OPTIONS,
  });
  return { ...values, positionals };
}

Deno.test("options may be joined to their values, repeated if they are lists, and end at --", () => {
  assert.deepEqual(
    parse("a", "-ob", "--lane", "x", "--lane=y", "--json", "--", "--nope", "-o"),
    { output: "b", lane: ["x", "y"], json: true, positionals: ["a", "--nope", "-o"] },
  );
  assert.deepEqual(parse("--output=-b", "-"), { output: "-b", positionals: ["-"] });
  assert.deepEqual(parse("-o", "-"), { output: "-", positionals: [] });
});

Deno.test("a wrong option is named as it was typed, with what is wrong", () => {
  const wrong: [string[], string][] = [
    [["--nope"], "there is no option --nope"],
    [["--nope=1"], "there is no option --nope"],
    [["a", "-x"], "there is no option -x"],
    [["--toString"], "there is no option --toString"],
    [["-o", "a", "--output", "b"], "-o or --output must be given once"],
    [["--json", "--json"], "--json must be given once"],
    [["--json=yes"], "--json takes no value: current value is yes"],
    [["--output"], "--output lacks a value"],
    [["a", "-o"], "-o lacks a value"],
    [["-o", "--json"], "-o lacks a value: write -o--json if --json is one"],
    [["--output", "-x"], "--output lacks a value: write --output=-x if -x is one"],
  ];
  for (const [args, problem] of wrong) {
    assert.throws(() => parse(...args), (error) => {
      assert.ok(error instanceof InvalidArgumentError);
      assert.equal(error.message, `Cannot work as ${problem}`, args.join(" "));
      return true;
    });
  }
});

Deno.test("an argument is refused where there must be none", () => {
  const line = { failure: "Cannot work", options: OPTIONS, takesArguments: false };
  assert.throws(() => parseCommandLine(["--json", "a"], line), {
    message: "Cannot work as there must be no argument but options: current value is a",
  });
});

Deno.test("one thing is counted in the singular, none and many in the plural", () => {
  const texts = [0, 1, 2, 1200].map((count) => countText(count, "tile"));
  assert.deepEqual(texts, ["0 tiles", "1 tile", "2 tiles", "1,200 tiles"]);
});

Deno.test("every command reads its options by parseCommandLine, which no option escapes", async () => {
  const folder = join(projectFolder(), "src", "cli");
  const readers = readdirSync(folder, { recursive: true }).map(String)
    .filter((name) => name.endsWith(".ts"))
    .filter((name) => /\bparseArgs\(/.test(Deno.readTextFileSync(join(folder, name))));
  assert.deepEqual(readers, ["command_line.ts"]);
  const exitCode = await runCommand({
    name: "work",
    help: "",
    runCommand: () => Promise.resolve(parse("--nope").positionals.length),
  }, []);
  assert.equal(exitCode, 2);
});
