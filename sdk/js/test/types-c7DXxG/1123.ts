// partialsetdoc/composite key
import type { Entrypoints } from "./1123.policy.js";
const answer: Entrypoints["generated/p"]["result"] = [[1,{"y":2}]];
export {};
