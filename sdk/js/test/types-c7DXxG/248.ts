// data/negative case: nested integer
import type { Entrypoints } from "./248.policy.js";
const answer: Entrypoints["test/p"]["result"] = undefined;
export {};
