// logic_op/builtin_calls: comprehension in builtin, or branch
import type { Entrypoints } from "./855.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
const given = {"xs":[-1,-2],"ys":[3]};
const input: Entrypoints["test/p"]["input"] = given;
export {};
