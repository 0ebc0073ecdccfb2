// refheads/general, set leaf, deep query
import type { Entrypoints } from "./1164.policy.js";
const answer: Entrypoints["test/p/b/r/c"]["result"] = "c";
export {};
