// refheads/single-value: previously partial object
import type { Entrypoints } from "./1176.policy.js";
const answer: Entrypoints["test/a/b"]["result"] = {"1":0,"2":1,"3":2};
export {};
