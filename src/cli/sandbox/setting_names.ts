/**
 * Files and folders that tools look for in the folder they are started in, and in those above it, and
 * that make them run something. No such list is complete.
 *
 * @module
 */

/** In lower case. */
const NAMES = new Set([
  // Deno, Node and their like.
  ..."deno.json deno.jsonc deno.lock jsr.json package.json package-lock.json".split(" "),
  ..."node_modules bunfig.toml bun.lock tsconfig.json jsconfig.json".split(" "),
  ..."pnpm-workspace.yaml turbo.json nx.json lerna.json bower.json ember-cli-build.js".split(" "),
  ..."dprint.json biome.json biome.jsonc wrangler.toml wrangler.json wrangler.jsonc".split(" "),
  ..."netlify.toml vercel.json".split(" "),
  // Python. Its files all count, see below.
  ..."pyproject.toml setup.cfg tox.ini tox.toml pytest.ini pytest.toml pyvenv.cfg".split(" "),
  ..."pip.conf pip.ini mypy.ini pylintrc ruff.toml pipfile poetry.toml uv.toml".split(" "),
  ..."hatch.toml pixi.toml pdm.toml mkdocs.yml mkdocs.yaml dvc.yaml mlproject".split(" "),
  // Builds and tasks.
  ..."justfile gemfile gems.rb config.ru vagrantfile docker-compose.yml".split(" "),
  ..."docker-compose.yaml compose.yml compose.yaml docker-bake.hcl docker-bake.json".split(" "),
  ..."cmakelists.txt cmakepresets.json cmakeuserpresets.json meson.build build.ninja".split(" "),
  ..."sconstruct sconscript wscript jamroot jamfile build.bazel workspace.bazel".split(" "),
  ..."workspace.bzlmod module.bazel build.rs build.zig build.zig.zon cargo.toml".split(" "),
  ..."rust-toolchain rust-toolchain.toml trunk.toml book.toml go.mod go.work".split(" "),
  ..."magefile.go pom.xml build.xml build.gradle build.gradle.kts settings.gradle".split(" "),
  ..."settings.gradle.kts gradle.properties build.sbt build.sc build.mill project.clj".split(" "),
  ..."deps.edn bb.edn shadow-cljs.edn mix.exs rebar.config dune dune-project".split(" "),
  ..."stack.yaml cabal.project package.swift podfile cartfile brewfile pubspec.yaml".split(" "),
  ..."shard.yml dub.json dub.sdl gleam.toml config.nims nim.cfg premake4.lua".split(" "),
  ..."premake5.lua xmake.lua flake.nix shell.nix default.nix devenv.nix composer.json".split(" "),
  ..."artisan phpunit.xml phpunit.xml.dist phpstan.neon cpanfile makefile.pl build.pl".split(" "),
  ..."taskfile.yml taskfile.yaml taskfile.dist.yml taskfile.dist.yaml mise.toml".split(" "),
  ..."mise.local.toml lefthook.yml lefthook.yaml lefthook.toml lefthook.json snakefile".split(" "),
  ..."nextflow.config tiltfile earthfile jenkinsfile skaffold.yaml helmfile.yaml".split(" "),
  ..."serverless.yml pulumi.yaml terragrunt.hcl ansible.cfg process-compose.yaml".split(" "),
  ..."_quarto.yml latexmkrc texmf.cnf".split(" "),
  // .NET, and what Windows runs of itself.
  ..."global.json nuget.config directory.build.props directory.build.targets".split(" "),
  ..."directory.packages.props directory.solution.props directory.solution.targets".split(" "),
  ..."paket.dependencies build.cake build.fsx autorun.inf desktop.ini".split(" "),
  // Editors, and assistants that take orders from a file.
  ..."_vimrc _gvimrc _exrc claude.md claude.local.md agents.md agents.override.md".split(" "),
  ..."gemini.md opencode.json opencode.jsonc".split(" "),
]);

/** Names of files that folders have as well. */
const FILE_NAMES = new Set(["build", "workspace"]);

/** Settings of tools that name them all alike, and code that is found by its name. */
const PATTERNS = [
  /^[\w.-]+\.(config|conf)\.[cm]?[jt]s$/,
  /^(bsd|gnu)?makefile$/,
  /^(gulp|grunt|jake|rake|cake|guard|cap|fast|thor|danger|fab)file(\.[\w.]+)?$/,
  /^(docker|container|proc)file(\.[\w-]+)?$/,
  /^jupyter_\w*config\.json$/,
  /\.(code-workspace|sln|slnx|\w*proj|cabal|nimble|tf|tf\.json|tofu|tfvars)$/,
  // Python imports what lies in the current folder before its own modules: `python -m http.server`.
  /\.(py|pyw|pyc|pyd|so)$/,
  // Windows looks for programs in the current folder first.
  /\.(exe|com|bat|cmd|dll|ps1)$/,
];

/** What makes a repository of Git out of a folder that has a `HEAD`. */
const BESIDE_HEAD = ["objects", "commondir"];

/**
 * True of what tools look for. Some file systems take no notice of case, so this does not either.
 *
 * @param beside All that lies in the same folder: with `HEAD`, it may be a repository of Git.
 */
export function isSetting(
  { name, isDirectory }: Pick<Deno.DirEntry, "name" | "isDirectory">,
  beside: readonly Pick<Deno.DirEntry, "name">[],
): boolean {
  const plain = name.toLowerCase();
  // Most of what is hidden belongs to tools, and little of it is what scripts make.
  if (NAMES.has(plain) || plain.startsWith(".")) return true;
  if (isDirectory) return false;
  if (FILE_NAMES.has(plain)) return true;
  if (PATTERNS.some((pattern) => pattern.test(plain))) return true;
  return plain === "head" && beside.some(({ name }) => BESIDE_HEAD.includes(name.toLowerCase()));
}
