// jsonpatch/set-failure add-with-mismatched-key-value
import type { Entrypoints } from "./611.policy.js";
const answer: Entrypoints["main/result/foo"]["result"] = undefined;
export {};
