// eqexpr/pattern: object = ref
import type { Entrypoints } from "./317.policy.js";
const answer: Entrypoints["generated/p"]["result"] = [[0,"z",true,false]];
export {};
