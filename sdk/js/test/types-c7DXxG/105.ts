// array/flatten type error
import type { Entrypoints } from "./105.policy.js";
const answer: Entrypoints["test/p"]["result"] = undefined;
export {};
