// disjunction/complete: conflict involving early-exit complete rule (set enumeration)
import type { Entrypoints } from "./270.policy.js";
export {};
