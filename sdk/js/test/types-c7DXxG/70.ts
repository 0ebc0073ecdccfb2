// arithmetic/minus
import type { Entrypoints } from "./70.policy.js";
const answer: Entrypoints["generated/p"]["result"] = [-1];
export {};
