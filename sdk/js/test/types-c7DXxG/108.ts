// array/concat: err rhs
import type { Entrypoints } from "./108.policy.js";
const answer: Entrypoints["generated/p"]["result"] = undefined;
export {};
