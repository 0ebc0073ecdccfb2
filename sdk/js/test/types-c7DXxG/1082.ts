// objectremove/empty keys array
import type { Entrypoints } from "./1082.policy.js";
const answer: Entrypoints["generated/p"]["result"] = {"a":1,"b":{"c":3}};
export {};
