// eqexpr/unordered: object keys (reverse)
import type { Entrypoints } from "./322.policy.js";
const answer: Entrypoints["generated/p"]["result"] = ["a"];
export {};
