// refheads/single-value default rule
import type { Entrypoints } from "./1178.policy.js";
const answer: Entrypoints["test/a"]["result"] = {"b":{"c":"d"}};
export {};
