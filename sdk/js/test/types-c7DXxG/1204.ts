// regex.replace: test pattern match and replace
import type { Entrypoints } from "./1204.policy.js";
const answer: Entrypoints["test/p"]["result"] = "-0-0-";
export {};
