// aggregates/member+some+key non-ground value
import type { Entrypoints } from "./62.policy.js";
const answer: Entrypoints["test/p"]["result"] = 100;
export {};
