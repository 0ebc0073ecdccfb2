// every/simple key/val
import type { Entrypoints } from "./348.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
