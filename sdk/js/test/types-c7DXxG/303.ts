// eqexpr/var: ref key
import type { Entrypoints } from "./303.policy.js";
const answer: Entrypoints["generated/p"]["result"] = true;
export {};
