// arithmetic/divide+error
import type { Entrypoints } from "./72.policy.js";
const answer: Entrypoints["generated/p"]["result"] = undefined;
export {};
