// logic_op/iteration: and
import type { Entrypoints } from "./884.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
