// array/slice: clamp both out of range
import type { Entrypoints } from "./111.policy.js";
const answer: Entrypoints["generated/p"]["result"] = [];
export {};
