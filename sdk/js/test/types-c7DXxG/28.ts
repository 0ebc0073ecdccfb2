// aggregates/member simple, set
import type { Entrypoints } from "./28.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
