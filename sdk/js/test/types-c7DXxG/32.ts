// aggregates/member object with key
import type { Entrypoints } from "./32.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
