// disjunction/complete: reference valid
import type { Entrypoints } from "./278.policy.js";
const answer: Entrypoints["generated/p"]["result"] = true;
export {};
