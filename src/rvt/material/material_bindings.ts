/**
 * Bind groups of compiled materials.
 *
 * @module
 */

import { UnsupportedError } from "../../errors.ts";
import {
  type ForgeDevice,
  type MemoryLedger,
  oncePerDevice,
  oncePerKey,
  type TrackedBuffer,
  virtualTextureLayoutEntries,
} from "../../gpu/mod.ts";
import type { CompiledMaterial } from "./compile/compile_material.ts";
import {
  assetOf,
  PARAMETER_BYTES,
  type RuntimeVirtualTextureSlot,
  textureOf,
} from "./compile/material_layout.ts";
import type { RuntimeVirtualTextureLike } from "./expressions/expression.ts";
import type { MaterialInterface } from "./material_interface.ts";
import type { MaterialTexture, TextureAddressing } from "./material_texture.ts";
import { TextureUploads } from "./texture_uploads.ts";
import type { StreamedTexture } from "../../streaming/mod.ts";

/** Binds sampled runtime virtual textures; goes with the function that gave their WGSL. */
export interface RuntimeVirtualTextureBinder {
  /** Layout entries of an asset's bindings, from the slot's first on. */
  layoutEntries(
    asset: RuntimeVirtualTextureLike,
    slot: RuntimeVirtualTextureSlot,
  ): readonly GPUBindGroupLayoutEntry[];
  /** Entries of an asset's bindings, from the slot's first on. */
  entries(
    asset: RuntimeVirtualTextureLike,
    slot: RuntimeVirtualTextureSlot,
  ): readonly GPUBindGroupEntry[];
  /** Counts the replacements of the entries. */
  generation(asset: RuntimeVirtualTextureLike): number;
}

/** Options of {@linkcode MaterialBinder}. */
export interface MaterialBinderOptions {
  /** Needed where materials sample runtime virtual textures. */
  readonly runtimeVirtualTextures?: RuntimeVirtualTextureBinder;
}

const layouts = oncePerKey<GPUBindGroupLayout>();

const samplers = oncePerDevice((gpu: GPUDevice): Record<TextureAddressing, GPUSampler> => {
  const filters = { magFilter: "linear", minFilter: "linear", mipmapFilter: "linear" } as const;
  const repeated = { addressModeU: "repeat", addressModeV: "repeat" } as const;
  return {
    repeat: gpu.createSampler({ label: "material repeat", ...filters, ...repeated }),
    clamp: gpu.createSampler({ label: "material clamp", ...filters }),
  };
});

/** Makes the bind groups of materials on a device. Owns what they bind, but for virtual textures. */
export class MaterialBinder {
  readonly #device: ForgeDevice;
  readonly #ledger: MemoryLedger;
  readonly #sampled: RuntimeVirtualTextureBinder | null;
  readonly #uploads: TextureUploads;
  readonly #bindings = new Set<MaterialBinding>();

  /**
   * Begins with nothing. Make another one when the device has another `GPUDevice`.
   *
   * @param ledger Counts parameters and plain textures, as caches.
   */
  constructor(device: ForgeDevice, ledger: MemoryLedger, options: MaterialBinderOptions = {}) {
    this.#device = device;
    this.#ledger = ledger;
    this.#sampled = options.runtimeVirtualTextures ?? null;
    this.#uploads = new TextureUploads(device, ledger);
  }

  /** The layout of a material's bind group; the same for all with equal keys. */
  layoutOf(compiled: CompiledMaterial, material: MaterialInterface): GPUBindGroupLayout {
    const entries = this.#layoutEntries(compiled, material);
    const { gpu } = this.#device;
    return layouts(
      gpu,
      JSON.stringify(entries),
      () => gpu.createBindGroupLayout({ label: "material", entries }),
    );
  }

  /**
   * Binds a material, or an instance of one.
   *
   * @param compiled The material, or another one with the same graph, compiled.
   * @throws {BudgetError} if the parameters or a texture do not fit the budget.
   */
  bind(compiled: CompiledMaterial, material: MaterialInterface): MaterialBinding {
    const binding: MaterialBinding = new MaterialBinding({
      compiled,
      material,
      layout: this.layoutOf(compiled, material),
      device: this.#device,
      ledger: this.#ledger,
      sampled: this.#sampled,
      uploads: this.#uploads,
      onDestroy: () => this.#bindings.delete(binding),
    });
    this.#bindings.add(binding);
    return binding;
  }

  /** Destroys all bindings and textures. May be called again. */
  destroy(): void {
    for (const binding of [...this.#bindings]) binding.destroy();
    this.#uploads.destroy();
  }

  #layoutEntries(
    { layout, name }: CompiledMaterial,
    material: MaterialInterface,
  ): GPUBindGroupLayoutEntry[] {
    const visibility = GPUShaderStage.FRAGMENT;
    const entries: GPUBindGroupLayoutEntry[] = [];
    if (layout.parameters.length > 0) {
      entries.push({ binding: 0, visibility, buffer: { type: "uniform" } });
    }
    for (const { binding } of layout.textures) {
      entries.push({ binding, visibility, texture: { sampleType: "float" } });
      entries.push({ binding: binding + 1, visibility, sampler: { type: "filtering" } });
    }
    for (const { firstBinding, bindsFeedback: feedback } of layout.streamedTextures) {
      entries.push(...virtualTextureLayoutEntries({ firstBinding, feedback }));
    }
    for (const slot of layout.runtimeVirtualTextures) {
      const asset = assetOf(slot, material);
      if (this.#sampled === null) {
        throw new UnsupportedError(
          "runtime virtual textures",
          `Cannot bind material "${name}" as it samples runtime virtual texture "${asset.name}": ` +
            `runtimeVirtualTextures must be given`,
        );
      }
      entries.push(...this.#sampled.layoutEntries(asset, slot));
    }
    return entries;
  }
}

/** Materials sample by the device's samplers alone. */
function assertFiltered({ name, format, binding }: StreamedTexture, material: string): void {
  if (binding.atlasType === "float") return;
  throw new UnsupportedError(
    format,
    `Cannot bind material "${material}" as it samples texture "${name}", whose ${format} the device ` +
      `does not filter: load it with another preferredFormat, such as "R16F"`,
  );
}

interface BindingParts {
  readonly compiled: CompiledMaterial;
  readonly material: MaterialInterface;
  readonly layout: GPUBindGroupLayout;
  readonly device: ForgeDevice;
  readonly ledger: MemoryLedger;
  readonly sampled: RuntimeVirtualTextureBinder | null;
  readonly uploads: TextureUploads;
  readonly onDestroy: () => void;
}

/** The bind group of one material or instance. Made by {@linkcode MaterialBinder.bind}. */
export class MaterialBinding {
  /** What is bound. */
  readonly compiled: CompiledMaterial;
  /** Whose values are bound. */
  readonly material: MaterialInterface;
  /** The layout of the bind group. */
  readonly layout: GPUBindGroupLayout;
  readonly #parts: BindingParts;
  readonly #uniform: TrackedBuffer | null;
  #textures: readonly MaterialTexture[] = [];
  #revision = NaN;
  #generations = "";
  #group: GPUBindGroup | null = null;

  /** Use {@linkcode MaterialBinder.bind}. */
  constructor(parts: BindingParts) {
    const { compiled, material, layout, device, ledger } = parts;
    this.compiled = compiled;
    this.material = material;
    this.layout = layout;
    this.#parts = parts;
    const { parameters } = compiled.layout;
    this.#uniform = parameters.length === 0 ? null : ledger.createBuffer("caches", device, {
      label: `material "${material.name}" parameters`,
      size: PARAMETER_BYTES * parameters.length,
      usage: GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST,
    });
  }

  /**
   * The bind group, for the next submit: writes parameters that have changed, and is another one after
   * other textures were set or virtual textures have moved.
   *
   * @throws {BudgetError} if a texture does not fit the budget.
   */
  currentGroup(): GPUBindGroup {
    const { revision } = this.material;
    const generations = this.#currentGenerations();
    if (this.#group !== null && revision === this.#revision && generations === this.#generations) {
      return this.#group;
    }
    this.#writeParameters();
    const entries = this.#entries();
    const { device: { gpu } } = this.#parts;
    const label = `material "${this.material.name}"`;
    this.#group = gpu.createBindGroup({ label, layout: this.layout, entries });
    this.#revision = revision;
    this.#generations = generations;
    return this.#group;
  }

  /** Destroys the parameters, and textures that nothing else uses. May be called again. */
  destroy(): void {
    this.#uniform?.destroy();
    for (const texture of this.#textures) this.#parts.uploads.release(texture);
    this.#textures = [];
    this.#group = null;
    this.#parts.onDestroy();
  }

  #currentGenerations(): string {
    const { layout } = this.compiled;
    const streamed = layout.streamedTextures.map(({ texture }) => texture.binding.generation);
    const sampled = layout.runtimeVirtualTextures.map((slot) =>
      this.#parts.sampled!.generation(assetOf(slot, this.material))
    );
    return [...streamed, ...sampled].join();
  }

  #writeParameters(): void {
    if (this.#uniform === null) return;
    const { parameters } = this.compiled.layout;
    const values = new Float32Array(parameters.length * PARAMETER_BYTES / 4);
    const { numbers } = this.material.overrides;
    for (const { name, offset, components, defaultValues } of parameters) {
      const set = numbers.get(name);
      // Of a parameter that had another number of components before the graph was changed.
      values.set(set?.length === components ? set : defaultValues, offset / 4);
    }
    this.#parts.device.gpu.queue.writeBuffer(this.#uniform.buffer, 0, values);
  }

  #entries(): GPUBindGroupEntry[] {
    const { layout } = this.compiled;
    const { uploads, device: { gpu }, sampled } = this.#parts;
    const entries: GPUBindGroupEntry[] = [];
    if (this.#uniform !== null) {
      entries.push({ binding: 0, resource: { buffer: this.#uniform.buffer } });
    }
    const before = this.#textures;
    const textures: MaterialTexture[] = [];
    try {
      for (const slot of layout.textures) {
        const texture = textureOf(slot, this.material);
        entries.push({ binding: slot.binding, resource: uploads.acquire(texture) });
        textures.push(texture);
        const sampler = samplers(gpu)[texture.addressing];
        entries.push({ binding: slot.binding + 1, resource: sampler });
      }
    } catch (error) {
      for (const texture of textures) uploads.release(texture);
      throw error;
    }
    this.#textures = textures;
    for (const texture of before) uploads.release(texture);
    for (const { firstBinding, texture, bindsFeedback: feedback } of layout.streamedTextures) {
      assertFiltered(texture, this.compiled.name);
      entries.push(...texture.binding.entries({ firstBinding, feedback, planes: 1 }));
    }
    for (const slot of layout.runtimeVirtualTextures) {
      entries.push(...sampled!.entries(assetOf(slot, this.material), slot));
    }
    return entries;
  }
}
