// refheads/general, overlapping rule, conflict
import type { Entrypoints } from "./1158.policy.js";
export {};
