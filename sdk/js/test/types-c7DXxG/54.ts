// aggregates/member with key in non-collection (number)
import type { Entrypoints } from "./54.policy.js";
const answer: Entrypoints["test/p"]["result"] = false;
export {};
