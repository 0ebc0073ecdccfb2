// jsonremove/arrays
import type { Entrypoints } from "./619.policy.js";
const answer: Entrypoints["generated/p"]["result"] = {"a":[{"c":8}]};
export {};
