// aggregates/count
import type { Entrypoints } from "./1.policy.js";
const answer: Entrypoints["generated/p"]["result"] = [4];
export {};
