// disjunction/complete: conflict involving early-exit complete rule (object enumeration)
import type { Entrypoints } from "./272.policy.js";
export {};
