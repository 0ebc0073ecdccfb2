// objectremove/empty keys obj
import type { Entrypoints } from "./1083.policy.js";
const answer: Entrypoints["generated/p"]["result"] = {"a":1,"b":{"c":3}};
export {};
