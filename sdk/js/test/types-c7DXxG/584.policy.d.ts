// The entrypoints of a policy, written by `regoc build --emit-types`. For `load<Entrypoints>` of the package `regoc`.

export interface Entrypoints {
  "z/p": {
    input: {
      req1?: {
        foo?: unknown;
      } | null;
      req2?: {
        bar?: unknown;
      } | null;
    };
    result: boolean | undefined;
  };
}
