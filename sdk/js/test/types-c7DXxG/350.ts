// every/simple key/val (partial rule ref)
import type { Entrypoints } from "./350.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
