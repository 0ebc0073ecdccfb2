// arithmetic/remainder takes the sign of the dividend, and accepts integral floats
import type { Entrypoints } from "./96.policy.js";
const answer: Entrypoints["generated/p"]["result"] = {"integral_float":"1","negative_dividend":"-2","negative_divisor":"2"};
export {};
