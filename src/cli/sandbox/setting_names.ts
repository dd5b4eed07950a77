/**
 * Files and folders that tools look for in the folder they are started in, and in those above it, and
 * that make them run something.
 *
 * @module
 */

/** In lower case. */
const NAMES = new Set([
  // Deno, Node and their like.
  ..."deno.json deno.jsonc deno.lock jsr.json package.json package-lock.json node_modules".split(
    " ",
  ),
  ..."bunfig.toml bun.lock tsconfig.json jsconfig.json pnpm-workspace.yaml".split(" "),
  ..."turbo.json nx.json lerna.json gulpfile.js gruntfile.js".split(" "),
  // Python.
  ..."pyproject.toml setup.cfg setup.py tox.ini pytest.ini noxfile.py conftest.py".split(" "),
  ..."sitecustomize.py usercustomize.py pyvenv.cfg pip.conf mypy.ini ruff.toml".split(" "),
  ..."tasks.py fabfile.py dodo.py pipfile poetry.toml uv.toml".split(" "),
  // Builds and tasks.
  ..."makefile gnumakefile bsdmakefile justfile rakefile gemfile vagrantfile procfile".split(" "),
  ..."dockerfile docker-compose.yml docker-compose.yaml compose.yml compose.yaml".split(" "),
  ..."cmakelists.txt cmakepresets.json cmakeuserpresets.json meson.build build.ninja".split(" "),
  ..."sconstruct wscript build.bazel workspace.bazel module.bazel build.rs cargo.toml".split(" "),
  ..."rust-toolchain rust-toolchain.toml go.mod go.work pom.xml build.xml".split(" "),
  ..."build.gradle build.gradle.kts settings.gradle settings.gradle.kts".split(" "),
  ..."gradle.properties flake.nix shell.nix default.nix devenv.nix composer.json".split(" "),
  ..."taskfile.yml taskfile.yaml taskfile.dist.yml taskfile.dist.yaml".split(" "),
  ..."mise.toml mise.local.toml lefthook.yml lefthook.yaml".split(" "),
  // Hidden files. Hidden folders all count: most belong to tools, and few to what scripts make.
  ...".git .gitmodules .gitattributes .gitconfig .hgrc .env .envrc .devcontainer.json".split(" "),
  ...".editorconfig .exrc .nvim.lua .dir-locals.el .gdbinit .lldbinit .pnp.cjs".split(" "),
  ...".pnp.loader.mjs .pnpmfile.cjs .pre-commit-config.yaml .pre-commit-hooks.yaml".split(" "),
  ...".python-version .node-version .ruby-version .tool-versions .mise.toml".split(" "),
  ...".mise.local.toml .rustfmt.toml .rspec .justfile .profile .zshenv .mcp.json".split(" "),
]);

/** Settings of tools that name them all alike. */
const PATTERNS = [
  /^[\w.-]+\.config\.[cm]?[jt]s$/,
  /^\.[\w-]+rc(\.(json|ya?ml|toml|[cm]?[jt]s))?$/,
  /^\.env\./,
  /\.code-workspace$/,
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
  if (NAMES.has(plain) || (isDirectory && plain.startsWith("."))) return true;
  if (PATTERNS.some((pattern) => pattern.test(plain))) return true;
  return plain === "head" && beside.some(({ name }) => BESIDE_HEAD.includes(name.toLowerCase()));
}
