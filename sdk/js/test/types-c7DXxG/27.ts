// aggregates/sum integer fast-path overflow (elements fit int64, sum does not)
import type { Entrypoints } from "./27.policy.js";
const answer: Entrypoints["generated/p"]["result"] = {"plus_control":"9223372036854775808","sum_array":"9223372036854775808","sum_at_limit":"9223372036854775807","sum_negative":"-9223372036854775809","sum_set":"9223372036854775810"};
export {};
