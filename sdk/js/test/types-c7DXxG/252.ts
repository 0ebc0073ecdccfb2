// defaultkeyword/defined
import type { Entrypoints } from "./252.policy.js";
const answer: Entrypoints["generated/p"]["result"] = 1;
export {};
