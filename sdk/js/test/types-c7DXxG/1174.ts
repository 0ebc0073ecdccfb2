// refheads/single-value rule
import type { Entrypoints } from "./1174.policy.js";
const answer: Entrypoints["test/a"]["result"] = {"b":{"c":"d"}};
export {};
