// partialsetdoc: object sort while iter
import type { Entrypoints } from "./1118.policy.js";
const answer: Entrypoints["foo/p"]["result"] = ["apples","bananas","clementines"];
export {};
