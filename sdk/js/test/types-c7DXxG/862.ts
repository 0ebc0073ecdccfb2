// logic_op/chained: deeply nested explicit bodies
import type { Entrypoints } from "./862.policy.js";
const answer: Entrypoints["test/p"]["result"] = true;
const given = {"a":true,"b":false,"c":true,"d":false,"e":true,"f":true};
const input: Entrypoints["test/p"]["input"] = given;
export {};
