// aggregates/member simple false, set
import type { Entrypoints } from "./38.policy.js";
const answer: Entrypoints["test/p"]["result"] = false;
export {};
