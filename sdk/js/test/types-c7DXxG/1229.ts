// replacen/replace multiple patterns/overlapping
import type { Entrypoints } from "./1229.policy.js";
const answer: Entrypoints["test/p"]["result"] = "xoobar";
export {};
