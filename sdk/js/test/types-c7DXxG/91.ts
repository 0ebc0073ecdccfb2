// arithmetic/bignum modulo (divisor a nonzero multiple of 2^64)
import type { Entrypoints } from "./91.policy.js";
const answer: Entrypoints["generated/p"]["result"] = {"big_dividend":"1","neg_pow64":"100","nonzero_control":"10","pow128":"7","pow64":"10","pow64_multiple":"5"};
export {};
