// The entrypoints of a policy, written by `regoc build --emit-types`. For `load<Entrypoints>` of the package `regoc`.

export interface Entrypoints {
  "generated/p": {
    input: unknown;
    result: {
      add: string;
      big_add: string;
      float_add: string;
      float_mul: string;
      mixed_add: string;
      mul: string;
      neg_sub: string;
      small_add: string;
      sub: string;
    } | undefined;
  };
}
