// regex.replace: per-character match
import type { Entrypoints } from "./1212.policy.js";
const answer: Entrypoints["test/p"]["result"] = "___ ___";
export {};
