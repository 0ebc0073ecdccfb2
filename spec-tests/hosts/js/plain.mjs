// A loader with nothing but the engine's WebAssembly and the ABI's calls, and the interpreter of scripts of such calls (../README.md).

const encoder = new TextEncoder();
const decoder = new TextDecoder();

// An instance: its exports, its memory, and what its imports do.
class Abi {
  constructor(module, { pages, maximum, builtins = {}, abortReturns = false } = {}) {
    const imports = WebAssembly.Module.imports(module);
    // What the module says of its memory, engines do not show; SDKs give 5 pages.
    this.memory = new WebAssembly.Memory({ initial: pages ?? 5, maximum });
    const env = { memory: this.memory };
    for (const { name, kind } of imports) {
      if (kind === "function") env[name] = (...values) => this.imported(name, values);
    }
    this.builtins = builtins;
    this.abortReturns = abortReturns;
    const instance = new WebAssembly.Instance(module, { env });
    this.exports = instance.exports;
    this.names = this.table("builtins");
  }

  imported(name, [first, , ...operands]) {
    if (name === "opa_println") return undefined;
    if (name === "opa_abort") {
      if (this.abortReturns) return undefined;
      throw new Error(`abort: ${this.text(first)}`);
    }
    const builtin = Object.entries(this.names).find(([, id]) => id === first)?.[0];
    const answer = this.builtins[builtin];
    if (answer === undefined) throw new Error(`host: no builtin ${builtin ?? first}`);
    const texts = operands.map((value) => this.text(this.exports.opa_json_dump(value)));
    const text = answer(...texts);
    return text === undefined ? 0 : this.value(text);
  }

  table(name) {
    return JSON.parse(this.text(this.exports.opa_json_dump(this.exports[name]())));
  }

  text(address) {
    const bytes = new Uint8Array(this.memory.buffer);
    return decoder.decode(bytes.subarray(address, bytes.indexOf(0, address)));
  }

  // Writes bytes where the module has room for them, or at an address behind which nothing lies.
  write(bytes, at) {
    const address = at ?? this.exports.opa_malloc(bytes.length) >>> 0;
    const missing = address + bytes.length - this.memory.buffer.byteLength;
    if (missing > 0) this.memory.grow(Math.ceil(missing / 65536));
    new Uint8Array(this.memory.buffer).set(bytes, address);
    return address;
  }

  // The value of a JSON text; 0 if it is none.
  value(text) {
    const bytes = encoder.encode(text);
    return this.exports.opa_json_parse(this.write(bytes), bytes.length);
  }
}

export const plain = {
  compile: (bytes) => WebAssembly.compile(bytes),
  instantiate(module, builtins) {
    const abi = new Abi(module, { builtins });
    const { opa_eval, opa_heap_ptr_get, opa_heap_ptr_set } = abi.exports;
    const entrypoints = abi.table("entrypoints");
    const base = opa_heap_ptr_get();
    let data = 0;
    let end = 0;
    const setData = (text) => {
      opa_heap_ptr_set(base);
      data = abi.value(text);
      if (data === 0) throw new Error("the data is no JSON");
      end = opa_heap_ptr_get();
    };
    setData("{}");
    const read = (text) => (text === undefined ? undefined : encoder.encode(text));
    return {
      setData,
      setDataText: setData,
      read,
      readText: read,
      evaluate(input, entrypoint) {
        const length = input?.length ?? 0;
        const address = input === undefined ? 0 : abi.write(input, end);
        return abi.text(opa_eval(0, entrypoints[entrypoint] ?? -1, data, address, length, end + length, 0));
      },
      show: (text) => text,
      memory: () => abi.memory.buffer.byteLength,
    };
  },
  script,
};

const pieces = (list) => list.map(([text, times]) => text.repeat(times)).join("");

// Runs the steps of a script and answers what they show. `limited` does work for no longer than some milliseconds, where the engine can.
async function script({ steps }, bytes, { compile, limited }) {
  const { builtin, message } = await import("./modes.mjs");
  const module = await compile(bytes);
  const state = { instances: {}, variables: {}, abi: undefined };
  const shown = [];
  const number = (value) => (typeof value === "string" ? state.variables[value] : value);
  const does = {
    instance(name, { builtins = {}, ...settings }) {
      const answers = Object.entries(builtins).map(([name, answer]) => [name, builtin(answer)]);
      state.abi = state.instances[name] = new Abi(module, { ...settings, builtins: Object.fromEntries(answers) });
    },
    use(name) {
      state.abi = state.instances[name];
    },
    text(list, { save, at }) {
      const text = encoder.encode(pieces(list));
      state.variables[save] = state.abi.write(text, number(at));
      state.variables[`${save}.length`] = text.length;
    },
    call(name, { arguments: operands = [], save, read, limit }) {
      const call = () => state.abi.exports[name](...operands.map(number));
      const result = limit === undefined ? call() : limited(call, limit);
      if (read) return state.abi.text(result);
      if (save === undefined) return String(result ?? "nothing");
      state.variables[save] = result;
    },
    copy(name, { from, to }) {
      const { buffer } = state.instances[name].memory;
      state.abi.write(new Uint8Array(buffer, number(from), number(to) - number(from)), number(from));
    },
    add([first, second], { save }) {
      state.variables[save] = number(first) + number(second);
    },
    read: (value) => state.abi.text(number(value)),
    keys: (value) => Object.keys(JSON.parse(state.abi.text(state.abi.exports.opa_json_dump(number(value))))).sort().join(" "),
    pages: () => String(state.abi.memory.buffer.byteLength / 65536),
    global: (name) => String(state.abi.exports[name].value),
    imports: () => WebAssembly.Module.imports(module).map(({ name }) => name).sort().join(" "),
    exports: () => WebAssembly.Module.exports(module).map(({ name }) => name).sort().join(" "),
    // An instance that was stopped goes on.
    replaced: () => {},
    repeat: (times, { steps }) => {
      for (let count = 0; count < times; count++) run(steps, () => {});
    },
  };
  function run(steps, show) {
    for (const step of steps) {
      const [name] = Object.keys(does).filter((name) => name in step);
      try {
        const outcome = does[name](step[name], step);
        if (outcome !== undefined) show(outcome);
      } catch (error) {
        const trap = error instanceof WebAssembly.RuntimeError || error instanceof RangeError;
        show(trap ? `trap: ${message(error)}` : message(error));
      }
    }
  }
  run(steps, (outcome) => shown.push(outcome));
  return shown;
}
