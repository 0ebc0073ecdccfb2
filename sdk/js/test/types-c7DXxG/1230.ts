// replacen/replace multiple patterns/overlapping/insertion order does not matter
import type { Entrypoints } from "./1230.policy.js";
const answer: Entrypoints["test/p"]["result"] = "xoo";
export {};
