// partialobjectdoc/composites
import type { Entrypoints } from "./1108.policy.js";
const answer: Entrypoints["generated/p"]["result"] = {"e":["bar","baz"]};
export {};
