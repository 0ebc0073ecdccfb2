// jsonremove/arrays of roots
import type { Entrypoints } from "./621.policy.js";
const answer: Entrypoints["generated/p"]["result"] = {"a":{"b":{"d":8}}};
export {};
