// refheads/general, overlapping rule, different dynamic depths, no conflict
import type { Entrypoints } from "./1156.policy.js";
const answer: Entrypoints["test/p"]["result"] = {"a":{"r":{"s":0}},"b":{"r":{"s":1}},"c":{"r":{"s":2}},"d":{"r":3},"e":4};
export {};
