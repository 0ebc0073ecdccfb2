// What the package offers: `load`, and the classes and types that it gives. Holds nothing itself.

import { Policy } from "./policy.js";
import { compile, compileSync } from "./source.js";
import type { CompiledModule, Entrypoint, Entrypoints, Options, Source } from "./types.js";

export { PolicyError, type ErrorCode, type EvaluationCode, type LoaderCode } from "./error.js";
export type { Policy } from "./policy.js";
export type { Builtin, BuiltinErrorListener, CompiledModule, Entrypoint, Entrypoints, Json, Options, Source } from "./types.js";

/**
 * Loads a policy: a module that regoc or OPA (ABI 1.2 or later) compiled. The answer of `fetch` is compiled while it is loading, and a
 * compiled module is taken as it is. Bundles are opened by `regoc/bundle`.
 *
 * @throws {PolicyError} when it is no policy, or calls a builtin that is not there.
 */
export async function load<E extends { [N in keyof E]: Entrypoint } = Entrypoints>(
  source: Source | Promise<Source>,
  options: Options = {},
): Promise<Policy<E>> {
  return new Policy<E>(await compile(await source), options);
}

/**
 * The same at once, from bytes or a compiled module. Browsers allow it for bytes only in workers, or for small modules.
 *
 * @throws {PolicyError} as `load`.
 */
export function loadSync<E extends { [N in keyof E]: Entrypoint } = Entrypoints>(
  source: BufferSource | CompiledModule,
  options: Options = {},
): Policy<E> {
  return new Policy<E>(compileSync(source), options);
}
