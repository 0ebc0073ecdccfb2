// negation/neg: constants
import type { Entrypoints } from "./944.policy.js";
const answer: Entrypoints["generated/p"]["result"] = undefined;
export {};
