// negation/neg: set contains undefined
import type { Entrypoints } from "./945.policy.js";
const answer: Entrypoints["generated/p"]["result"] = undefined;
export {};
