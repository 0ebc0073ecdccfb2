// disjunction/complete: conflict involving early-exit complete rule, else
import type { Entrypoints } from "./274.policy.js";
export {};
