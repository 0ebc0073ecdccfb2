// disjunction/nested function with conflict, else
import type { Entrypoints } from "./269.policy.js";
export {};
