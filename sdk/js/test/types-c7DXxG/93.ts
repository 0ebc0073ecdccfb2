// arithmetic/abs, round, ceil and floor on integers and at the window edges
import type { Entrypoints } from "./93.policy.js";
const answer: Entrypoints["generated/p"]["result"] = {"abs_float":"2.5","abs_int64_min":"9223372036854775808","abs_negative":"5","abs_window_min":"2147483648","round_down":"2","round_half_away_negative":"-3","round_half_up":"3","round_integer":"-5","round_trailing_zeros":"10"};
export {};
