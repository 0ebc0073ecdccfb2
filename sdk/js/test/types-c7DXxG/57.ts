// aggregates/member+some containee is call
import type { Entrypoints } from "./57.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
