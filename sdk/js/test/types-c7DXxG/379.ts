// fix1863/is defined
import type { Entrypoints } from "./379.policy.js";
const answer: Entrypoints["x/p"]["result"] = {};
export {};
