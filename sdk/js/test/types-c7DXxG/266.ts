// disjunction/complete: reference error
import type { Entrypoints } from "./266.policy.js";
export {};
