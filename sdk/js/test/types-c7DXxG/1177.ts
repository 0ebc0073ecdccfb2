// refheads/multi-value: same rule
import type { Entrypoints } from "./1177.policy.js";
const answer: Entrypoints["test/a"]["result"] = {"b":{"c":{"d":[1,2]}}};
export {};
