// disjunction/complete: conflict involving early-exit complete rule, data object enumeration
import type { Entrypoints } from "./277.policy.js";
export {};
