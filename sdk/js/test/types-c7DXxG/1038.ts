// objectfilter/multiple roots set
import type { Entrypoints } from "./1038.policy.js";
const answer: Entrypoints["generated/p"]["result"] = {"a":1,"e":9};
export {};
