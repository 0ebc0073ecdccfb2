// partialsetdoc/object values
import type { Entrypoints } from "./1119.policy.js";
const answer: Entrypoints["generated/p"]["result"] = ["goodbye","hello"];
export {};
