// logic_op/or/basic: dotted data refs, only one defined
import type { Entrypoints } from "./907.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
