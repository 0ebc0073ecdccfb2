// aggregates/bignum exact (>64-bit integers through sum and product)
import type { Entrypoints } from "./26.policy.js";
const answer: Entrypoints["generated/p"]["result"] = {"product_array":"36893488147419103234","product_float":"3","product_small":"24","sum_array":"18446744073709551618","sum_float":"4","sum_mixed":"3.5","sum_set":"18446744073709551618","sum_small":"6"};
export {};
