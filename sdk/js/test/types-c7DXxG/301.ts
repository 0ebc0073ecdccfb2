// eqexpr/var: ref value
import type { Entrypoints } from "./301.policy.js";
const answer: Entrypoints["generated/p"]["result"] = true;
export {};
