// eqexpr/ground: ref 4
import type { Entrypoints } from "./300.policy.js";
const answer: Entrypoints["generated/p"]["result"] = true;
export {};
