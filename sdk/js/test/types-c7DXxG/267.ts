// disjunction/complete: nested conflict, else
import type { Entrypoints } from "./267.policy.js";
export {};
