// The entrypoints of a policy, written by `regoc build --emit-types`. For `load<Entrypoints>` of the package `regoc`.

export interface Entrypoints {
  "generated/p": {
    input: unknown;
    result: {
      product_array: string;
      product_float: string;
      product_small: string;
      sum_array: string;
      sum_float: string;
      sum_mixed: string;
      sum_set: string;
      sum_small: string;
    } | undefined;
  };
}
