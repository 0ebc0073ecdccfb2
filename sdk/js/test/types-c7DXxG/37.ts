// aggregates/member object with key, nested
import type { Entrypoints } from "./37.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
