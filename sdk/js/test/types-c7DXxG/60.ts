// aggregates/member+some ground composite containee
import type { Entrypoints } from "./60.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
