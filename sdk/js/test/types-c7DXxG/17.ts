// aggregates/min out-of-order
import type { Entrypoints } from "./17.policy.js";
const answer: Entrypoints["generated/p"]["result"] = [-7];
export {};
