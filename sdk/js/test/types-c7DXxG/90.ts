// arithmetic/bignum exact (>64-bit integers through plus, minus, multiply)
import type { Entrypoints } from "./90.policy.js";
const answer: Entrypoints["generated/p"]["result"] = {"add":"18446744073709551618","big_add":"123456789012345678901234567891","float_add":"4","float_mul":"5","mixed_add":"3.5","mul":"36893488147419103234","neg_sub":"-18446744073709551618","small_add":"5","sub":"18446744073709551616"};
export {};
