// negation/neg: constants
import type { Entrypoints } from "./943.policy.js";
const answer: Entrypoints["generated/p"]["result"] = true;
export {};
