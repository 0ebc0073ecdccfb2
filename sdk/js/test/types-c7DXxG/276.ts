// disjunction/complete: conflict involving early-exit complete rule, data array enumeration
import type { Entrypoints } from "./276.policy.js";
export {};
