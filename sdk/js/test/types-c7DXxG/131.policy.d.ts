// The entrypoints of a policy, written by `regoc build --emit-types`. For `load<Entrypoints>` of the package `regoc`.

export interface Entrypoints {
  "topdown/s": {
    input: unknown;
    result: {
      base?: {
        doc?: {
          p?: boolean;
          [key: string]: unknown;
        };
        [key: string]: unknown;
      };
      [key: string]: unknown;
    } | undefined;
  };
}
