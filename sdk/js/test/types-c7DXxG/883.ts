// logic_op/grouping: (a or b with ...) binds with to whole group
import type { Entrypoints } from "./883.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
export {};
