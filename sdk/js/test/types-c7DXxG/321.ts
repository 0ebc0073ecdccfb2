// eqexpr/unordered: object keys
import type { Entrypoints } from "./321.policy.js";
const answer: Entrypoints["generated/p"]["result"] = ["a"];
export {};
