// logic_op/chained: a or b or c, all false
import type { Entrypoints } from "./859.policy.js";
const answer: Entrypoints["test/p"]["result"] = undefined;
const given = {"a":false,"b":false,"c":false};
const input: Entrypoints["test/p"]["input"] = given;
export {};
