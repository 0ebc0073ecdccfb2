// regex.replace: work with groups
import type { Entrypoints } from "./1205.policy.js";
const answer: Entrypoints["test/p"]["result"] = "foofoo";
export {};
