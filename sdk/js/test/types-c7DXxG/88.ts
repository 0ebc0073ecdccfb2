// floor integer
import type { Entrypoints } from "./88.policy.js";
const answer: Entrypoints["generated/p"]["result"] = 1;
export {};
