// refheads/general, overlapping rule, no conflict
import type { Entrypoints } from "./1155.policy.js";
const answer: Entrypoints["test/p"]["result"] = {"a":{"r":0},"b":{"r":1},"c":{"r":2}};
export {};
