// objectremove/key doesnt exist
import type { Entrypoints } from "./1084.policy.js";
const answer: Entrypoints["generated/p"]["result"] = {"a":1,"b":{"c":3}};
export {};
