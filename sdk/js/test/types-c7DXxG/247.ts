// data/nested integer
import type { Entrypoints } from "./247.policy.js";
const answer: Entrypoints["test/p"]["result"] = "bar";
export {};
