// The entrypoints of a policy, written by `regoc build --emit-types`. For `load<Entrypoints>` of the package `regoc`.

export interface Entrypoints {
  "negation/p": {
    input: {
      x?: unknown;
      y?: unknown;
      z?: unknown;
    };
    result: boolean;
  };
}
