// array/concat: err
import type { Entrypoints } from "./107.policy.js";
const answer: Entrypoints["generated/p"]["result"] = undefined;
export {};
