// aggregates/member+some ground value
import type { Entrypoints } from "./56.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
