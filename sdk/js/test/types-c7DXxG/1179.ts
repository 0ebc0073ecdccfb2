// refheads/single-value example
import type { Entrypoints } from "./1179.policy.js";
const answer: Entrypoints["test/a"]["result"] = {"7":true};
export {};
