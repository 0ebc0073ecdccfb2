// From a bundle of OPA's, as `regoc build` and `opa build` write it, to the module and the data in it: a package entry of its own, because most
// policies are loaded from modules.

import { PolicyError } from "./error.js";
import { invalid, isFile, read } from "./source.js";
import type { CompiledModule, Source } from "./types.js";

/** What a bundle holds: what `load` takes, and its data, which goes into the options. */
export interface Bundle {
  module: WebAssembly.Module;
  data: Record<string, unknown>;
}

/**
 * Reads a bundle (`.tar.gz`): its `policy.wasm`, and the `data.json` at its root, `{}` if it has none.
 *
 * @example
 * const { module, data } = await openBundle(fetch("bundle.tar.gz"));
 * const policy = await load(module, { data });
 * @throws {PolicyError} when it is no bundle with a module.
 */
export async function openBundle(source: Exclude<Source, CompiledModule> | Promise<Response>): Promise<Bundle> {
  const given = await source;
  const bytes = isFile(given) ? await read(given) : (given as ArrayBuffer);
  const unzipped = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  const refuse = (error: unknown) => {
    throw new PolicyError("invalid_module", `not a bundle: ${(error as Error).message}`, error);
  };
  const files = members(new Uint8Array((await new Response(unzipped).arrayBuffer().catch(refuse)) as ArrayBuffer));
  const module = files.get("policy.wasm");
  if (!module) throw new PolicyError("invalid_module", "the bundle holds no policy.wasm");
  return { module: await WebAssembly.compile(module).catch(invalid), data: JSON.parse(text(files.get("data.json")) || "{}") };
}

/** The files of a tar archive by their paths. A member is a header of 512 bytes and its content, filled up to a multiple of 512 bytes. */
function members(archive: Uint8Array<ArrayBuffer>): Map<string, Uint8Array<ArrayBuffer>> {
  const files = new Map<string, Uint8Array<ArrayBuffer>>();
  for (let at = 0; at + 512 <= archive.length && archive[at]; ) {
    const name = text(archive.subarray(at, at + 100)).replace(/^\.?\/+/, "");
    // The length stands in octal digits.
    const length = parseInt(text(archive.subarray(at + 124, at + 136)), 8) || 0;
    files.set(name, archive.subarray(at + 512, at + 512 + length));
    at += 512 + Math.ceil(length / 512) * 512;
  }
  return files;
}

function text(bytes: Uint8Array | undefined): string {
  return new TextDecoder().decode(bytes).replace(/\0.*$/s, "");
}
