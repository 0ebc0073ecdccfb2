// The entrypoints of a policy, written by `regoc build --emit-types`. For `load<Entrypoints>` of the package `regoc`.

export interface Entrypoints {
  "ex/default_1": {
    input: unknown;
    result: boolean | number;
  };
}
