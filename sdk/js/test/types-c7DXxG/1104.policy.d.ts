// The entrypoints of a policy, written by `regoc build --emit-types`. For `load<Entrypoints>` of the package `regoc`.

export interface Entrypoints {
  "ex/foo": {
    input: {
      foo?: unknown;
    };
    result: {
      "*"?: [number, number, number];
      bar: number;
      baz: number;
    };
  };
}
