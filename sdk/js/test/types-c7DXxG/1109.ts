// partialobjectdoc/same key/value pair
import type { Entrypoints } from "./1109.policy.js";
const answer: Entrypoints["generated/p"]["result"] = {"a":1,"b":1,"c":1};
export {};
