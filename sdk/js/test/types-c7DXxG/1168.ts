// refheads/single-value, with var
import type { Entrypoints } from "./1168.policy.js";
const answer: Entrypoints["test/p"]["result"] = {"q":{"r":1,"s":2}};
export {};
