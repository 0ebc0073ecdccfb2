// The entrypoints of a policy, written by `regoc build --emit-types`. For `load<Entrypoints>` of the package `regoc`.

export interface Entrypoints {
  "test/multi_cross_pkg": {
    input: unknown;
    result: [unknown, unknown] | undefined;
  };
}
