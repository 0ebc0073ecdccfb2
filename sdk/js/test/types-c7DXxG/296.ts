// eqexpr/ground: array
import type { Entrypoints } from "./296.policy.js";
const answer: Entrypoints["generated/p"]["result"] = true;
export {};
