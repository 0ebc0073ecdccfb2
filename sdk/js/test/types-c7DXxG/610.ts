// jsonpatch/set-success basic-add
import type { Entrypoints } from "./610.policy.js";
const answer: Entrypoints["main/result/foo"]["result"] = ["a","b","c","d"];
export {};
