// refheads/single-value example, false
import type { Entrypoints } from "./1180.policy.js";
const answer: Entrypoints["test/a"]["result"] = {};
export {};
