// eqexpr/undefined: array deep var 2
import type { Entrypoints } from "./293.policy.js";
const answer: Entrypoints["generated/p"]["result"] = undefined;
export {};
