// aggregates/member simple false, array
import type { Entrypoints } from "./39.policy.js";
const answer: Entrypoints["test/p"]["result"] = false;
export {};
