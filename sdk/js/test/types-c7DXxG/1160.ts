// refheads/general, overlapping rule, deep injection into other rule object value, conflict
import type { Entrypoints } from "./1160.policy.js";
export {};
