// disjunction/complete: conflict involving early-exit partial rule
import type { Entrypoints } from "./273.policy.js";
export {};
