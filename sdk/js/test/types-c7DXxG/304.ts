// eqexpr/var: ref keys
import type { Entrypoints } from "./304.policy.js";
const answer: Entrypoints["generated/p"]["result"] = true;
export {};
