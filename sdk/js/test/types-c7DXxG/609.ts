// jsonpatch/set-success basic-remove
import type { Entrypoints } from "./609.policy.js";
const answer: Entrypoints["main/result/foo"]["result"] = ["a","c"];
export {};
