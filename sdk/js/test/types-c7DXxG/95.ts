// arithmetic/divide+error+float zero divisor
import type { Entrypoints } from "./95.policy.js";
const answer: Entrypoints["generated/p"]["result"] = undefined;
export {};
