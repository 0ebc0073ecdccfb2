// refheads/single-value
import type { Entrypoints } from "./1167.policy.js";
const answer: Entrypoints["test/p"]["result"] = {"q":{"r":1,"s":2}};
export {};
