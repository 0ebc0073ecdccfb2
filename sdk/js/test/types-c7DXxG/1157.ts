// refheads/general, self-conflict
import type { Entrypoints } from "./1157.policy.js";
export {};
