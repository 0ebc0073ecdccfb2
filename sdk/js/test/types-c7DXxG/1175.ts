// refheads/multi-value
import type { Entrypoints } from "./1175.policy.js";
const answer: Entrypoints["test/a"]["result"] = {"b":[1,2,3]};
export {};
