// arithmetic/int32 window edges (results crossing into wider integers)
import type { Entrypoints } from "./92.policy.js";
const answer: Entrypoints["generated/p"]["result"] = {"exponent_form":"1000000000000000000000000000001","int64_edge":"9223372036854775808","just_outside":"2147483649","minus_min":"-2147483649","mul_max":"4611686014132420609","mul_min":"4611686018427387904","plus_max":"2147483648","trailing_zeros":"15"};
export {};
