// logic_op/chained: a or b or c, only middle true
import type { Entrypoints } from "./858.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
const given = {"a":false,"b":true,"c":false};
const input: Entrypoints["test/p"]["input"] = given;
export {};
