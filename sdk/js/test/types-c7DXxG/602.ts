// jsonfilter/base
import type { Entrypoints } from "./602.policy.js";
const answer: Entrypoints["generated/p"]["result"] = {"a":{"b":{"c":7}}};
export {};
