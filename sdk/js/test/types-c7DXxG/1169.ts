// refheads/single-value, with var, conflict
import type { Entrypoints } from "./1169.policy.js";
export {};
