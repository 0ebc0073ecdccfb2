// eqexpr/undefined: ref value
import type { Entrypoints } from "./292.policy.js";
const answer: Entrypoints["generated/p"]["result"] = undefined;
export {};
