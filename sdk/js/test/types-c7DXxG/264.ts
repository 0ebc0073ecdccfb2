// disjunction/complete: valid
import type { Entrypoints } from "./264.policy.js";
const answer: Entrypoints["generated/p"]["result"] = true;
export {};
