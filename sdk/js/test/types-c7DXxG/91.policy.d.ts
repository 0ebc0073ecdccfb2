// The entrypoints of a policy, written by `regoc build --emit-types`. For `load<Entrypoints>` of the package `regoc`.

export interface Entrypoints {
  "generated/p": {
    input: unknown;
    result: {
      big_dividend: string;
      neg_pow64: string;
      nonzero_control: string;
      pow128: string;
      pow64: string;
      pow64_multiple: string;
    } | undefined;
  };
}
