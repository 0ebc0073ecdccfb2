// eqexpr/undefined: set
import type { Entrypoints } from "./294.policy.js";
const answer: Entrypoints["generated/p"]["result"] = undefined;
export {};
