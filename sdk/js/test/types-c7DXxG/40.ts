// aggregates/member simple false, object
import type { Entrypoints } from "./40.policy.js";
const answer: Entrypoints["test/p"]["result"] = false;
export {};
