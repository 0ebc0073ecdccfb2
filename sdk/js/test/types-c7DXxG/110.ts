// array/slice: negative indices
import type { Entrypoints } from "./110.policy.js";
const answer: Entrypoints["generated/p"]["result"] = [];
export {};
