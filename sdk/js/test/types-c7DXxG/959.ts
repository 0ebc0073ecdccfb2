// negation/not-body: negated and non-negated unification on same var, calls, rearranged
import type { Entrypoints } from "./959.policy.js";
const answer: Entrypoints["negation/p"]["result"] = 2;
export {};
