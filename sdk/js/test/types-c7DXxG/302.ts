// eqexpr/var: ref values
import type { Entrypoints } from "./302.policy.js";
const answer: Entrypoints["generated/p"]["result"] = true;
export {};
