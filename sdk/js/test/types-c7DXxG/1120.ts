// partialsetdoc/nested composites
import type { Entrypoints } from "./1120.policy.js";
const answer: Entrypoints["generated/p"]["result"] = [{"xs":["1"],"ys":["2"]},{"xs":["2"],"ys":["3"]}];
export {};
