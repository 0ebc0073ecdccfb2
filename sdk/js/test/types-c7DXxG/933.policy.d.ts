// The entrypoints of a policy, written by `regoc build --emit-types`. For `load<Entrypoints>` of the package `regoc`.

export interface Entrypoints {
  "test": {
    input: {
      a?: unknown;
      b?: unknown;
    };
    result: {
      p?: boolean;
      q?: number;
    };
  };
}
