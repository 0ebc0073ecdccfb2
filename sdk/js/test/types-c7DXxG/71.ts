// arithmetic/multiply
import type { Entrypoints } from "./71.policy.js";
const answer: Entrypoints["generated/p"]["result"] = [0,2,6,12];
export {};
