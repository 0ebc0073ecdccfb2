// aggregates/min
import type { Entrypoints } from "./15.policy.js";
const answer: Entrypoints["generated/p"]["result"] = [1];
export {};
