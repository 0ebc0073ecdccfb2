// data/toplevel integer
import type { Entrypoints } from "./246.policy.js";
const answer: Entrypoints["test/p"]["result"] = "bar";
export {};
