// array/slice: clamp both out of range non-empty
import type { Entrypoints } from "./112.policy.js";
const answer: Entrypoints["generated/p"]["result"] = [];
export {};
