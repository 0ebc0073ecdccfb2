// objectremove/empty keys set
import type { Entrypoints } from "./1081.policy.js";
const answer: Entrypoints["generated/p"]["result"] = {"a":1,"b":{"c":3}};
export {};
