// OPA's SDK for JavaScript as a loader (modes.mjs).

// The loader of an SDK, whichever version. 1.6 takes neither builtins nor modules that are compiled.
export function sdk(opa, is16 = false) {
  return {
    takesNoBuiltins: is16,
    compile: (bytes) => (is16 ? bytes : WebAssembly.compile(bytes)),
    async instantiate(module, builtins) {
      const custom = Object.entries(builtins).map(([name, answer]) => [name, values(answer)]);
      const policy = await opa.loadPolicy(module, undefined, Object.fromEntries(custom));
      return {
        setData: (text) => policy.setData(JSON.parse(text)),
        setDataText: (text) => policy.setData(bytes(text)),
        read: (text) => (text === undefined ? undefined : JSON.parse(text)),
        readText: bytes,
        evaluate: (input, entrypoint) => policy.evaluate(input, entrypoint),
        show: (result) => JSON.stringify(result),
        memory: () => policy.mem.buffer.byteLength,
      };
    },
  };
}

// A text as SDKs take it where JSON need not be made of an object first: a copy, because a buffer may be larger than what was written into it.
const bytes = (text) => new TextEncoder().encode(text).slice().buffer;

// A builtin of texts as the SDK wants it: of values.
function values(answer) {
  return (...arguments_) => {
    const text = answer(...arguments_.map((value) => JSON.stringify(value)));
    return text === undefined ? undefined : JSON.parse(text);
  };
}
