// eqexpr/pattern: object = var
import type { Entrypoints } from "./318.policy.js";
const answer: Entrypoints["generated/p"]["result"] = [{"a":1,"b":2}];
export {};
