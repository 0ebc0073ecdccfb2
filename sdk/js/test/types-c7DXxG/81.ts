// ceil rounds up (2)
import type { Entrypoints } from "./81.policy.js";
const answer: Entrypoints["generated/p"]["result"] = 2;
export {};
