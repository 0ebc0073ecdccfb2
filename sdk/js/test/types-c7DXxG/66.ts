// aggregates/member+some+ref
import type { Entrypoints } from "./66.policy.js";
const answer: Entrypoints["test/p"]["result"] = 1;
export {};
