// every/simple key/val (set)
import type { Entrypoints } from "./349.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
