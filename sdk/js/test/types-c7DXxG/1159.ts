// refheads/general, overlapping rule, deep override inside other rule object value, conflict
import type { Entrypoints } from "./1159.policy.js";
export {};
