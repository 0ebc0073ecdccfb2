// disjunction/complete: error
import type { Entrypoints } from "./263.policy.js";
export {};
