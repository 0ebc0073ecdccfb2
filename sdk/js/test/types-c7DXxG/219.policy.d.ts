// The entrypoints of a policy, written by `regoc build --emit-types`. For `load<Entrypoints>` of the package `regoc`.

export interface Entrypoints {
  "test/p": {
    input: {
      mac1?: unknown;
      mac2?: unknown;
    };
    result: boolean[];
  };
}
