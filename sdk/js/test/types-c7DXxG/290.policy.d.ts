// The entrypoints of a policy, written by `regoc build --emit-types`. For `load<Entrypoints>` of the package `regoc`.

export interface Entrypoints {
  "ex/fn_result": {
    input: unknown;
    result: [string, string, string] | undefined;
  };
}
