// The entrypoints of a policy, written by `regoc build --emit-types`. For `load<Entrypoints>` of the package `regoc`.

export interface Entrypoints {
  "generated/p": {
    input: unknown;
    result: {
      abs_float: string;
      abs_int64_min: string;
      abs_negative: string;
      abs_window_min: string;
      round_down: string;
      round_half_away_negative: string;
      round_half_up: string;
      round_integer: string;
      round_trailing_zeros: string;
    } | undefined;
  };
}
