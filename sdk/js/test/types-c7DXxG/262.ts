// disjunction/complete: undefined
import type { Entrypoints } from "./262.policy.js";
const answer: Entrypoints["generated/p"]["result"] = undefined;
export {};
