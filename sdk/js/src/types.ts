// The types of what callers pass in and get back. No code.

import type { Place } from "./error.js";

/** A value as JSON has it. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** What an entrypoint is asked with and answers. `result` has `undefined` in it where the decision may be undefined. */
export interface Entrypoint {
  input: unknown;
  result: unknown;
}

/** The entrypoints of a policy of which nothing is known. `regoc build --emit-types` writes such a type for a policy. */
export type Entrypoints = Record<string, { input: unknown; result: Json | undefined }>;

/** What a policy is loaded from: the bytes of a module, the answer of `fetch`, a file, or a compiled module. */
export type Source = BufferSource | Response | Blob | CompiledModule;

/** A `WebAssembly.Module`. To TypeScript that is any value at all; neither a path nor a promise is meant. */
export type CompiledModule = WebAssembly.Module & object & { readonly then?: never };

/**
 * A builtin that the host answers. Arguments come as JSON has them: sets are arrays, keys of objects are strings. The result is a value of JSON;
 * a `Set` anywhere in it is a set, a `bigint` an integer of any size, and `undefined` leaves the call undefined. What it throws makes the call
 * undefined, too, or is an error with `strictBuiltinErrors`.
 *
 * A builtin that returns a promise needs `evaluateAsync`.
 */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- what the policy passes, its author knows
export type Builtin = (...arguments_: any[]) => unknown;

/** Told of a builtin that failed: its name and, where the module knows it, the place of the call. */
export type BuiltinErrorListener = (error: unknown, call: { name: string } & Partial<Place>) => void;

/** How a policy is loaded. */
export interface Options {
  /** The data, as `setData` takes it. Without it there is none. */
  data?: unknown;
  /**
   * The builtins that the host answers, by the names that the policy calls them by: effects of OPA's such as `http.send`, and builtins of your own.
   * `time.now_ns`, `rand.intn`, `uuid.rfc4122`, `opa.runtime` (`{}`), `trace` and `internal.print` are there unless you pass others. A policy that
   * calls one that is not there is refused when it is loaded.
   */
  builtins?: Record<string, Builtin>;
  /** Whether the first builtin of the host that fails ends the decision with an error; otherwise, as in OPA, the call is undefined. */
  strictBuiltinErrors?: boolean;
  /** Told of each builtin of the host that fails, whatever `strictBuiltinErrors` says. */
  onBuiltinError?: BuiltinErrorListener;
  /** Takes each line that the policy prints; `console.error` unless you pass another. */
  print?: (line: string) => void;
  /** The pages of memory, of 64 KiB, that an instance may have at most; `initial` is what it begins with if the module needs no more. */
  memory?: { initial?: number; maximum?: number };
}
