// aggregates/member+some+key non-ground key
import type { Entrypoints } from "./63.policy.js";
const answer: Entrypoints["test/p"]["result"] = "what";
export {};
