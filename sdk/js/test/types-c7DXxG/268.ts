// disjunction/nested function with conflict
import type { Entrypoints } from "./268.policy.js";
export {};
