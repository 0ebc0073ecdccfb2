// aggregates/member with not
import type { Entrypoints } from "./43.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
