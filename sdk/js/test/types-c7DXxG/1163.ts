// refheads/general, set leaf
import type { Entrypoints } from "./1163.policy.js";
const answer: Entrypoints["test/p"]["result"] = {"a":{"r":["b","c"]},"b":{"r":["a","c","foo"]},"c":{"r":["a","b"]}};
export {};
