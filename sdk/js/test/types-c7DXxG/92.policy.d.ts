// The entrypoints of a policy, written by `regoc build --emit-types`. For `load<Entrypoints>` of the package `regoc`.

export interface Entrypoints {
  "generated/p": {
    input: unknown;
    result: {
      exponent_form: string;
      int64_edge: string;
      just_outside: string;
      minus_min: string;
      mul_max: string;
      mul_min: string;
      plus_max: string;
      trailing_zeros: string;
    } | undefined;
  };
}
