// aggregates/member+some ground composite containee (false)
import type { Entrypoints } from "./61.policy.js";
const answer: Entrypoints["test/p"]["result"] = undefined;
export {};
