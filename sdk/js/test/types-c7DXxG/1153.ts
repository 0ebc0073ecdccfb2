// refheads/general, multiple vars
import type { Entrypoints } from "./1153.policy.js";
const answer: Entrypoints["test/p"]["result"] = {"a":{"0":true},"b":{"1":true},"c":{"2":true}};
export {};
