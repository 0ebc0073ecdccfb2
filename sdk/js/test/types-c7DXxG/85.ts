// floor rounds down
import type { Entrypoints } from "./85.policy.js";
const answer: Entrypoints["generated/p"]["result"] = 1;
export {};
