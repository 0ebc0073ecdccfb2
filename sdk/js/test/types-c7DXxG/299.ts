// eqexpr/ground: ref 2
import type { Entrypoints } from "./299.policy.js";
const answer: Entrypoints["generated/p"]["result"] = true;
export {};
