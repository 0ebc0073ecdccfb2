// jsonpatch/set-success add-to-nested-array
import type { Entrypoints } from "./612.policy.js";
const answer: Entrypoints["main/result"]["result"] = [[1,2]];
export {};
