// jsonfilter/mixed root types
import type { Entrypoints } from "./606.policy.js";
const answer: Entrypoints["generated/p"]["result"] = {"a":{"b":{"c":7,"d":8}}};
export {};
