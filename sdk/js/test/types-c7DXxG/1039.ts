// objectfilter/multiple roots array
import type { Entrypoints } from "./1039.policy.js";
const answer: Entrypoints["generated/p"]["result"] = {"a":1,"e":9};
export {};
