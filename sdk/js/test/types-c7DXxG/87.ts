// floor rounds down (3)
import type { Entrypoints } from "./87.policy.js";
const answer: Entrypoints["generated/p"]["result"] = 99;
export {};
