// objectfilter/base
import type { Entrypoints } from "./1037.policy.js";
const answer: Entrypoints["generated/p"]["result"] = {"a":{"b":{"c":7,"d":8}}};
export {};
