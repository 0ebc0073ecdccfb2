// refheads/general, set leaf (shallow ref)
import type { Entrypoints } from "./1161.policy.js";
const answer: Entrypoints["test/p"]["result"] = {"a":["b","c"],"b":["a","c","foo"],"c":["a","b"]};
export {};
