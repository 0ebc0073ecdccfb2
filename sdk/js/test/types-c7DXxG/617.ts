// jsonremove/empty list
import type { Entrypoints } from "./617.policy.js";
const answer: Entrypoints["generated/p"]["result"] = {"a":7};
export {};
