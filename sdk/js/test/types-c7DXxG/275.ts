// disjunction/complete: conflict involving early-exit complete rule, multiple
import type { Entrypoints } from "./275.policy.js";
export {};
