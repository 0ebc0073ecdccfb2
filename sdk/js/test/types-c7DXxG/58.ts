// aggregates/member+some non-ground composite containee
import type { Entrypoints } from "./58.policy.js";
const answer: Entrypoints["test/p"]["result"] = 100;
export {};
