// functions/multi2
import type { Entrypoints } from "./399.policy.js";
const answer: Entrypoints["ex/multi2"]["result"] = 5;
export {};
