// From what a caller has to a compiled module: bytes, or an answer of a server. Knows nothing of policies.

import { PolicyError } from "./error.js";
import type { CompiledModule, Source } from "./types.js";

/** Compiles while it is loading where the host can; takes a module as it is. */
export async function compile(source: Source): Promise<WebAssembly.Module> {
  if (isStreamable(source)) return WebAssembly.compileStreaming(source as Response).catch(invalid);
  if (isFile(source)) return WebAssembly.compile(await read(source)).catch(invalid);
  return isModule(source) ? (source as WebAssembly.Module) : WebAssembly.compile(source as ArrayBuffer).catch(invalid);
}

/** The bytes of an answer of a server or of a file. */
export async function read(source: Response | Blob): Promise<ArrayBuffer> {
  if ("ok" in source && !source.ok) {
    throw new PolicyError("invalid_module", `${source.url || "the server"} answered with status ${source.status}`);
  }
  return source.arrayBuffer();
}

/** The same at once, for hosts that may compile so. */
export function compileSync(source: BufferSource | CompiledModule): WebAssembly.Module {
  try {
    return isModule(source) ? (source as WebAssembly.Module) : new WebAssembly.Module(source as ArrayBuffer);
  } catch (error) {
    return invalid(error);
  }
}

// A module of another realm is of another class of that name.
function isModule(source: unknown): boolean {
  return Object.prototype.toString.call(source) === "[object WebAssembly.Module]";
}

/** Whether it has bytes to be read: a Response or a Blob. */
export function isFile(source: unknown): source is Response | Blob {
  return typeof (source as Blob | undefined)?.arrayBuffer === "function";
}

function isStreamable(source: unknown): boolean {
  return (
    typeof WebAssembly.compileStreaming === "function" &&
    typeof Response === "function" &&
    source instanceof Response &&
    source.ok &&
    source.headers.get("content-type") === "application/wasm"
  );
}

export function invalid(error: unknown): never {
  throw new PolicyError("invalid_module", `not a WebAssembly module (bundles: regoc/bundle): ${(error as Error).message}`, error);
}
