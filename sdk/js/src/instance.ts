// One instance of a module: its memory, and the calls of OPA's wasm ABI 1.2 (https://www.openpolicyagent.org/docs/wasm). Texts in, texts out; knows
// nothing of what callers pass as values.

import type { Builtins, Decision } from "./builtins.js";
import { PolicyError } from "./error.js";
import type { Options } from "./types.js";

/** The exports that are called here; addresses and values are words, which JavaScript takes for numbers with a sign. */
interface Exports {
  memory?: WebAssembly.Memory;
  opa_wasm_abi_version?: WebAssembly.Global;
  builtins(): number;
  entrypoints(): number;
  opa_eval(reserved: 0, entrypoint: number, data: number, input: number, length: number, heap: number, format: 0): number;
  opa_malloc(size: number): number;
  opa_free(address: number): void;
  opa_json_parse(address: number, length: number): number;
  opa_value_parse(address: number, length: number): number;
  opa_json_dump(value: number): number;
  opa_heap_ptr_get(): number;
  opa_heap_ptr_set(address: number): void;
  opa_value_add_path(document: number, path: number, value: number): number;
  opa_value_remove_path(document: number, path: number): number;
}

const PAGE = 0x10000;
/** The most pages that 32 bits reach. */
const MAX_PAGES = 0x10000;
/** How much the memory of data that was changed by path may grow before it is made anew. */
const SLACK = 16 * PAGE;

type Pages = NonNullable<Options["memory"]>;

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** An instance with data in its memory. After an error that it throws as a `PolicyError` it is in order, after any other it is not. */
export class Instance {
  /** The numbers of the entrypoints. */
  readonly entrypoints: Map<string, number>;
  readonly #exports: Exports;
  #memory: WebAssembly.Memory | undefined;
  readonly #builtins: Builtins;
  readonly #names: string[] = [];
  /** The whole memory; of length 0 once the memory has grown. */
  #bytes = new Uint8Array();
  /** What lies below is the module's own. */
  readonly #base: number;
  #data = 0;
  /** What lies below holds the data. */
  #heap = 0;
  /** Where the heap ended when the data was last made as a whole. */
  #whole = 0;
  #decision: Decision | undefined;

  constructor(module: WebAssembly.Module, builtins: Builtins, options: Options) {
    const call = (id: number, place: number, ...values: number[]) => this.#call(id, place, values);
    const functions: Record<string, WebAssembly.ImportValue> = {
      opa_abort: (address: number) => {
        throw PolicyError.fromAbort(this.#read(address));
      },
      opa_println: (address: number) => options.print!(this.#read(address)),
    };
    for (let count = 0; count < 5; count++) functions[`opa_builtin${count}`] = call;
    this.#builtins = builtins;
    this.#exports = this.#instantiate(module, functions, options.memory ?? {});
    this.#memory = this.#exports.memory ?? this.#memory!;
    const { opa_wasm_abi_version: version, opa_eval } = this.#exports;
    if (!opa_eval || (version && version.value !== 1)) throw new PolicyError("invalid_module", "the module has not OPA's ABI 1.2 or later");
    this.#base = this.#exports.opa_heap_ptr_get();
    for (const [name, id] of this.#numbers("builtins")) this.#names[id] = name;
    const missing = this.#names.filter((name) => !builtins.has(name)).join(", ");
    if (missing) throw new PolicyError("missing_builtin", `the policy calls ${missing}: pass what answers that in options.builtins`);
    this.entrypoints = new Map(this.#numbers("entrypoints"));
  }

  /** Instantiates with a memory as large as the module needs: how large that is, hosts of JavaScript do not tell. */
  #instantiate(module: WebAssembly.Module, functions: WebAssembly.ModuleImports, { initial = 2, maximum }: Pages): Exports {
    const most = maximum ?? MAX_PAGES;
    for (; ; initial *= 2) {
      try {
        const memory = (this.#memory = new WebAssembly.Memory({ initial: Math.min(initial, most), maximum } as WebAssembly.MemoryDescriptor));
        return new WebAssembly.Instance(module, { env: { ...functions, memory } }).exports as unknown as Exports;
      } catch (error) {
        if (error instanceof PolicyError) throw error;
        const { message } = error as Error;
        const isTooSmall = error instanceof WebAssembly.LinkError && /memory/i.test(message) && initial < most;
        if (!isTooSmall) throw new PolicyError("invalid_module", `the module cannot be instantiated: ${message}`, error);
      }
    }
  }

  /** The bytes of memory that the instance has. */
  get memorySize(): number {
    return this.#memory!.buffer.byteLength;
  }

  /** Replaces the data by that of a JSON text. */
  setData(text: Uint8Array): void {
    const exports = this.#exports;
    exports.opa_heap_ptr_set(this.#base);
    this.#data = this.#parse(text);
    this.#heap = this.#whole = exports.opa_heap_ptr_get() >>> 0;
  }

  /** The data as a JSON text. */
  data(): Uint8Array {
    this.#exports.opa_heap_ptr_set(this.#heap);
    return encoder.encode(this.#dump(this.#data));
  }

  /** Sets the value at a path of the data, or removes it where there is none. Both are JSON texts. */
  change(path: Uint8Array, value: Uint8Array | undefined): void {
    const exports = this.#exports;
    exports.opa_heap_ptr_set(this.#heap);
    const at = this.#parse(path);
    const code = value ? exports.opa_value_add_path(this.#data, at, this.#parse(value)) : exports.opa_value_remove_path(this.#data, at);
    this.#heap = exports.opa_heap_ptr_get() >>> 0;
    if (code) throw new PolicyError("invalid_path", `the path ${decoder.decode(path)} leads nowhere in the data`);
  }

  /** Whether much of the memory holds what changes by path left behind. */
  get isWasteful(): boolean {
    return this.#heap - this.#whole > this.#whole - this.#base + SLACK;
  }

  /** Asks an entrypoint with a JSON text. Gives the address of the answer, behind which `}]` follows; 0 is undefined. */
  #evaluate(entrypoint: number, input: string | Uint8Array | undefined, decision: Decision): number {
    let address = 0;
    let free = this.#heap;
    if (input !== undefined) {
      address = free;
      this.#reserve(free + input.length);
      if (typeof input === "string") free += this.#encode(input, free);
      else this.#view().set(input, free), (free += input.length);
    }
    this.#decision = decision;
    try {
      // The allocator of a module may want its heap aligned.
      const result = this.#exports.opa_eval(0, entrypoint, this.#data, address, address && free - address, (free + 7) & ~7, 0);
      if (decision.failure) throw decision.failure;
      // `[]`, or `[{"result":VALUE}]`.
      return this.#view()[(result >>> 0) + 1] === 0x5d ? 0 : (result >>> 0) + 11;
    } finally {
      this.#decision = undefined;
    }
  }

  /** The value that an entrypoint answers. */
  value(entrypoint: number, input: string | Uint8Array | undefined, decision: Decision): unknown {
    const address = this.#evaluate(entrypoint, input, decision);
    // The first byte of a value tells which constant it is: most decisions are one.
    switch (address && this.#view()[address]) {
      case 0:
        return undefined;
      case 0x74:
        return true;
      case 0x66:
        return false;
      default:
        return JSON.parse(this.#read(address, 2));
    }
  }

  /** The same as the JSON text that the module wrote. */
  text(entrypoint: number, input: string | Uint8Array | undefined, decision: Decision): string | undefined {
    const address = this.#evaluate(entrypoint, input, decision);
    return address ? this.#read(address, 2) : undefined;
  }

  /** Whether a decision is being made, which a builtin must not disturb. */
  get isBusy(): boolean {
    return this.#decision !== undefined;
  }

  /** Answers a call of the module. */
  #call(id: number, context: number, values: number[]): number {
    const name = this.#names[id];
    if (name === undefined) throw new PolicyError("eval_internal_error", `the module calls builtin ${id}, which it does not list`);
    const arguments_ = values.map((value) => this.#dump(value));
    const decision = this.#decision!;
    const text = this.#builtins.answer(decision, name, context ? this.#read(context) : "", arguments_);
    if (text === undefined) return 0;
    return this.#parse(encoder.encode(text), name);
  }

  /** Makes a value of a text: of JSON, or of what a builtin answered. */
  #parse(text: Uint8Array, builtin?: string): number {
    const exports = this.#exports;
    const address = exports.opa_malloc(text.length) >>> 0;
    this.#view().set(text, address);
    const value = (builtin ? exports.opa_value_parse : exports.opa_json_parse)(address, text.length);
    exports.opa_free(address);
    if (!value) throw new PolicyError(builtin ? "eval_internal_error" : "invalid_data", `the module cannot read the ${builtin ? `answer of ${builtin}` : "data"}`);
    return value;
  }

  /** The object from names to numbers that an export returns. */
  #numbers(name: "builtins" | "entrypoints"): [string, number][] {
    return Object.entries(JSON.parse(this.#dump(this.#exports[name]())) as Record<string, number>);
  }

  #view(): Uint8Array {
    return this.#bytes.length ? this.#bytes : (this.#bytes = new Uint8Array(this.#memory!.buffer));
  }

  /** The text at an address, without some bytes at its end. */
  #read(address: number, without = 0): string {
    const bytes = this.#view();
    return decoder.decode(bytes.subarray((address >>>= 0), bytes.indexOf(0, address) - without));
  }

  #dump(value: number): string {
    return this.#read(this.#exports.opa_json_dump(value));
  }

  /** Writes a text as UTF-8 at an address, behind which there is a byte for each of its units, and gives the count of its bytes. */
  #encode(text: string, address: number): number {
    let { read, written } = encoder.encodeInto(text, this.#view().subarray(address));
    if (read < text.length) {
      // A unit of UTF-16 takes three bytes at most.
      this.#reserve(address + written + (text.length - read) * 3);
      written += encoder.encodeInto(text.slice(read), this.#view().subarray(address + written)).written;
    }
    return written;
  }

  /** Lets the memory reach to an address. */
  #reserve(end: number): void {
    const lacking = end - this.#view().length;
    if (lacking <= 0) return;
    try {
      this.#memory!.grow(Math.ceil(lacking / PAGE));
    } catch (error) {
      throw new PolicyError("out_of_memory", "the input needs more memory than the instance may have", error);
    }
  }
}
