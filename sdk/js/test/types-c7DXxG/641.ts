// json_verify_schema/valid schema object
import type { Entrypoints } from "./641.policy.js";
const answer: Entrypoints["test/p"]["result"] = [true,null];
export {};
