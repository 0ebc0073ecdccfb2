// The entrypoints of a policy, written by `regoc build --emit-types`. For `load<Entrypoints>` of the package `regoc`.

export interface Entrypoints {
  "generated/p": {
    input: unknown;
    result: {
      integral_float: string;
      negative_dividend: string;
      negative_divisor: string;
    } | undefined;
  };
}
