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
        read: (text) => (text === undefined ? undefined : JSON.parse(text)),
        // A copy, because a buffer may be larger than what was written into it.
        readText: (text) => new TextEncoder().encode(text).slice().buffer,
        evaluate: (input, entrypoint) => policy.evaluate(input, entrypoint),
        show: (result) => JSON.stringify(result),
        memory: () => policy.mem.buffer.byteLength,
      };
    },
  };
}

// A builtin of texts as the SDK wants it: of values.
function values(answer) {
  return (...arguments_) => {
    const text = answer(...arguments_.map((value) => JSON.stringify(value)));
    return text === undefined ? undefined : JSON.parse(text);
  };
}
