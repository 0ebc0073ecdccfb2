// The entrypoints of a policy, written by `regoc build --emit-types`. For `load<Entrypoints>` of the package `regoc`.

export interface Entrypoints {
  "test/l1": {
    input: unknown;
    result: {
      l2: {
        p: boolean;
      };
      l3?: Record<string, never>;
    };
  };
}
