// A policy as callers see it: values in, values out. Finds entrypoints by name, and replaces an instance that is not in order.

import { Builtins, Decision, Pending } from "./builtins.js";
import { PolicyError } from "./error.js";
import { Instance } from "./instance.js";
import type { Entrypoint, Entrypoints, Options } from "./types.js";

/** A JSON text, as a string or in UTF-8. */
export type Text = string | Uint8Array;

/** Whether a type is a union of several, or of any string. */
type IsOne<T, U = T> = T extends unknown ? ([U] extends [T] ? true : false) : never;

/** The name of the entrypoint, which may be left out where there is only one. */
export type Name<E, N> = IsOne<keyof E> extends true ? [entrypoint?: N] : [entrypoint: N];

/** What was set at a path, or removed: JSON texts. */
type Change = [path: Uint8Array, value: Uint8Array | undefined];

const encoder = new TextEncoder();
const { parse, stringify } = JSON;

/**
 * A policy in memory of its own. It answers one question at a time, and any number of them; `clone()` gives another one over the same compiled
 * module. Time, and what else of the world OPA keeps the same, stands still within one decision.
 */
export class Policy<E extends { [N in keyof E]: Entrypoint } = Entrypoints> {
  /** The compiled module, for a further `load`, here or in another worker. */
  readonly module: WebAssembly.Module;
  /** The names of the entrypoints. */
  readonly entrypoints: readonly (keyof E & string)[];
  readonly #options: Options;
  readonly #builtins: Builtins;
  readonly #ids: Map<string, number>;
  /** None after a call that was cut off: the next one begins with a fresh instance. */
  #instance: Instance | undefined;
  /** What a fresh instance gets: the data, and what changed in it by path. */
  #data: Uint8Array;
  #changes: Change[];
  /** Whether the module may take input that is not JSON for no input, as OPA's do. */
  readonly #isLax: boolean;

  /** Use `load`, `loadSync` or `clone`. */
  constructor(module: WebAssembly.Module, options: Options, like?: Policy<E>) {
    this.module = module;
    this.#options = { print: (line) => console.error(line), ...options };
    this.#builtins = new Builtins(this.#options);
    this.#data = like ? like.#data : encoder.encode(dataText(options.data ?? {}));
    this.#changes = like ? [...like.#changes] : [];
    this.#isLax = WebAssembly.Module.customSections(module, "regoc.producer").length === 0;
    this.#ids = this.#fresh().entrypoints;
    this.entrypoints = [...this.#ids.keys()] as (keyof E & string)[];
  }

  /**
   * What the policy answers: `undefined` where the decision is undefined, which is not `false`.
   *
   * An input of `undefined` is no input. The entrypoint may be left out where there is only one.
   */
  evaluate<N extends keyof E & string>(input?: E[N]["input"], ...[entrypoint]: Name<E, N>): E[N]["result"] {
    const id = this.#id(entrypoint);
    const text = json(input);
    return this.#guarded((instance) => instance.value(id, text, new Decision(false)));
  }

  /** The same for a JSON text: its answer is the text that the module wrote, with numbers of any size as they are. */
  evaluateText<N extends keyof E & string>(input?: Text, ...[entrypoint]: Name<E, N>): string | undefined {
    const id = this.#id(entrypoint);
    this.#checkText(input);
    return this.#guarded((instance) => instance.text(id, input, new Decision(false)));
  }

  /**
   * The same with builtins that answer with promises. Where one does, the evaluation ends, waits for it, and begins anew with its answer; so each
   * builtin of the host is asked once for the same arguments. Other questions may be asked meanwhile.
   */
  async evaluateAsync<N extends keyof E & string>(input?: E[N]["input"], ...[entrypoint]: Name<E, N>): Promise<E[N]["result"]> {
    const id = this.#id(entrypoint);
    const text = json(input);
    const decision = new Decision(true);
    for (;;) {
      try {
        decision.failure = undefined;
        return this.#guarded((instance) => instance.value(id, text, decision)) as E[N]["result"];
      } catch (pending) {
        if (!(pending instanceof Pending)) throw pending;
        await pending.settled;
      }
    }
  }

  /** Replaces the data, an object. If that fails, the data stays as it was. */
  setData(data: unknown): void {
    this.setDataText(dataText(data));
  }

  /** The same for a JSON text. */
  setDataText(data: Text): void {
    this.#replaceData(typeof data === "string" ? encoder.encode(data) : data.slice());
  }

  /** Sets the value at a path of the data; objects on the way there are made. An empty path is the whole data. */
  setDataAt(path: readonly string[], value: unknown): void {
    if (!path.length) return this.setData(value);
    this.#change(path, json(value, "invalid_data"));
  }

  /** Removes what is at a path of the data, if anything is. */
  removeDataAt(path: readonly string[]): void {
    if (!path.length) return this.setData({});
    this.#change(path);
  }

  /** Another instance over the same compiled module, with the same data and options. */
  clone(): Policy<E> {
    return new Policy<E>(this.module, this.#options, this);
  }

  /** The bytes of WebAssembly memory that the policy has now. */
  get memorySize(): number {
    return this.#instance?.memorySize ?? 0;
  }

  #replaceData(data: Uint8Array): void {
    try {
      this.#guarded((instance) => instance.setData(data));
    } catch (error) {
      // The module's memory holds neither the old data nor the new.
      if ((error as PolicyError).code !== "busy") this.#instance = undefined;
      throw error;
    }
    this.#data = data;
    this.#changes = [];
  }

  #change(path: readonly string[], value?: string): void {
    const change: Change = [encoder.encode(stringify(path)), value === undefined ? value : encoder.encode(value)];
    try {
      this.#guarded((instance) => instance.change(...change));
    } catch (error) {
      // What was refused changed nothing; what was cut off may have.
      if (!/^(invalid|busy)/.test((error as PolicyError).code)) this.#instance = undefined;
      throw error;
    }
    this.#changes.push(change);
    try {
      if (this.#instance!.isWasteful) this.#replaceData(this.#instance!.data());
    } catch {
      // The change is made. A fresh instance may do with the memory that was too little for a copy.
      this.#instance = undefined;
    }
  }

  #fresh(): Instance {
    const instance = new Instance(this.module, this.#builtins, this.#options);
    instance.setData(this.#data);
    for (const change of this.#changes) instance.change(...change);
    return (this.#instance = instance);
  }

  /** Calls into the instance. One that was cut off in the middle is not used again. */
  #guarded<T>(run: (instance: Instance) => T): T {
    const instance = this.#instance ?? this.#fresh();
    if (instance.isBusy) throw new PolicyError("busy", "a builtin asks the policy that it answers: let it ask a clone()");
    try {
      return run(instance);
    } catch (error) {
      // A module that aborted is in order.
      if (error instanceof PolicyError || error instanceof Pending) throw error;
      this.#instance = undefined;
      throw new PolicyError("eval_internal_error", `the module trapped: ${(error as Error).message}`, error);
    }
  }

  #id(name: string | undefined): number {
    const id = name === undefined && this.#ids.size === 1 ? this.#ids.values().next().value : this.#ids.get(name!);
    if (id !== undefined) return id;
    const which = name === undefined ? "several entrypoints: name one of" : `no entrypoint ${name}: it has`;
    throw new PolicyError("unknown_entrypoint", `the policy has ${which} ${[...this.#ids.keys()].join(", ")}`);
  }

  /** An empty text is no input to modules, and any text that is not JSON is none to those of OPA. */
  #checkText(text: Text | undefined): void {
    if (text === undefined || (text.length && !this.#isLax)) return;
    try {
      parse(typeof text === "string" ? text : new TextDecoder().decode(text));
    } catch (error) {
      throw new PolicyError("invalid_input", `the input is not JSON: ${(error as Error).message}`);
    }
  }
}

/** The JSON text of a value; no input is none. */
function json(value: unknown, code: "invalid_input" | "invalid_data" = "invalid_input"): string | undefined {
  let cause: unknown = `${typeof value} is no value of JSON`;
  try {
    const text = stringify(value);
    if (text !== undefined || (value === undefined && code === "invalid_input")) return text;
  } catch (error) {
    cause = (error as Error).message;
  }
  throw new PolicyError(code, `the ${code.slice(8)} is not JSON: ${cause}`);
}

/** The JSON text of a data document. */
function dataText(data: unknown): string {
  const text = json(data, "invalid_data");
  if (text?.[0] !== "{") throw new PolicyError("invalid_data", "the data is no object");
  return text;
}
