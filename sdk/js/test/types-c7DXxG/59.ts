// aggregates/member+some non-ground composite containee, multiple bindings
import type { Entrypoints } from "./59.policy.js";
const answer: Entrypoints["test/p"]["result"] = 100;
export {};
