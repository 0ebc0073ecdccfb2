// The entrypoints of a policy, written by `regoc build --emit-types`. For `load<Entrypoints>` of the package `regoc`.

export interface Entrypoints {
  "negation": {
    input: {
      a?: unknown;
      b?: unknown;
    };
    result: {
      p?: boolean;
      q?: boolean;
      r?: boolean;
    };
  };
}
