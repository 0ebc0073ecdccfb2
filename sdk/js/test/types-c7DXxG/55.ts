// aggregates/member+some simple, array
import type { Entrypoints } from "./55.policy.js";
const answer: Entrypoints["test/p"]["result"] = [1,2,3];
export {};
