// disjunction/complete: valid-2
import type { Entrypoints } from "./265.policy.js";
const answer: Entrypoints["generated/p"]["result"] = true;
export {};
