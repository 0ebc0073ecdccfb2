// disjunction/complete: conflict involving early-exit complete rule (array enumeration)
import type { Entrypoints } from "./271.policy.js";
export {};
