// floor rounds down (2)
import type { Entrypoints } from "./86.policy.js";
const answer: Entrypoints["generated/p"]["result"] = 1;
export {};
