// aggregates/member+some+key non-ground, composite key
import type { Entrypoints } from "./65.policy.js";
const answer: Entrypoints["test/p"]["result"] = 100;
export {};
