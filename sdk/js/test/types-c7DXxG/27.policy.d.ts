// The entrypoints of a policy, written by `regoc build --emit-types`. For `load<Entrypoints>` of the package `regoc`.

export interface Entrypoints {
  "generated/p": {
    input: unknown;
    result: {
      plus_control: string;
      sum_array: string;
      sum_at_limit: string;
      sum_negative: string;
      sum_set: string;
    } | undefined;
  };
}
