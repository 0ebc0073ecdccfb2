// logic_op/or/explicit-body: both explicit, both fail
import type { Entrypoints } from "./913.policy.js";
const answer: Entrypoints["test/p"]["result"] = undefined;
export {};
