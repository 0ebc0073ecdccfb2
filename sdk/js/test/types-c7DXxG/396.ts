// functions/always_true
import type { Entrypoints } from "./396.policy.js";
const answer: Entrypoints["ex/always_true"]["result"] = true;
export {};
