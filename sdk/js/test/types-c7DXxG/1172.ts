// refheads/complete: full package extent
import type { Entrypoints } from "./1172.policy.js";
const answer: Entrypoints["test"]["result"] = {"a":{"b":{"c":{"p":true}}}};
export {};
