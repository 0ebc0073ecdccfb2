// arithmetic/division is exact on ints only when the divisor divides the dividend
import type { Entrypoints } from "./94.policy.js";
const answer: Entrypoints["generated/p"]["result"] = {"exact":"2","exact_negative":"-2","fraction":"0.25","zero_dividend":"0"};
export {};
