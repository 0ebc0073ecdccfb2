// aggregates/member+some+key+ref
import type { Entrypoints } from "./67.policy.js";
const answer: Entrypoints["test/p"]["result"] = [3,2];
export {};
