/**
 * Environment variables that the runtime, its libraries and the drivers of GPUs read.
 *
 * A process can hide other variables from the code that it runs, and the system still shows them in
 * `/proc`: what such code must not see is not handed over.
 *
 * @module
 */

const NAMES = new Set([
  ..."PATH HOME USER LOGNAME SHELL TERM COLORTERM COLUMNS LINES NO_COLOR FORCE_COLOR".split(" "),
  ..."LANG LANGUAGE TZ DISPLAY WAYLAND_DISPLAY XAUTHORITY".split(" "),
  ..."DENO_DIR DENO_CERT DENO_TLS_CA_STORE DENO_V8_FLAGS DENO_NO_UPDATE_CHECK".split(" "),
  ..."NPM_CONFIG_REGISTRY npm_config_registry SSL_CERT_FILE SSL_CERT_DIR NODE_EXTRA_CA_CERTS".split(
    " ",
  ),
]);

const PREFIXES = [
  ..."LC_ XDG_ LD_ DYLD_ DENO_WEBGPU_ WGPU_ VK_ MESA LIBGL LIBVA GALLIUM LP_ EGL_ DRI_".split(" "),
  ..."RADV_ AMD_ INTEL_ ANV_ NV_ NVIDIA_ CUDA_ HSA_ ZINK_ __GL __VK __EGL __NV".split(" "),
];

const PROXIES = /^(http|https|all|no)_proxy$/i;

/**
 * The variables of this process that another one gets.
 *
 * @param options.names Further names.
 * @param options.reachesHosts Whether it reaches hosts, by a proxy where one is set.
 */
export function runtimeEnvironment(
  { names, reachesHosts }: { readonly names: readonly string[]; readonly reachesHosts: boolean },
): Record<string, string> {
  const isPassed = (name: string) =>
    NAMES.has(name) || names.includes(name) || PREFIXES.some((prefix) => name.startsWith(prefix)) ||
    (reachesHosts && PROXIES.test(name));
  return Object.fromEntries(Object.entries(Deno.env.toObject()).filter(([name]) => isPassed(name)));
}
