// eqexpr/ground: ref 1
import type { Entrypoints } from "./298.policy.js";
const answer: Entrypoints["generated/p"]["result"] = true;
export {};
