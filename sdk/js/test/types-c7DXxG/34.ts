// aggregates/member array with index, nested
import type { Entrypoints } from "./34.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
