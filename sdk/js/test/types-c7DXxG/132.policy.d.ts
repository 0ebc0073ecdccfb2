// The entrypoints of a policy, written by `regoc build --emit-types`. For `load<Entrypoints>` of the package `regoc`.

export interface Entrypoints {
  "topdown/t": {
    input: unknown;
    result: {
      p?: boolean;
      q?: boolean;
      [key: string]: unknown;
    } | undefined;
  };
}
