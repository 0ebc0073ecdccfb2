// json_verify_schema/valid schema string
import type { Entrypoints } from "./640.policy.js";
const answer: Entrypoints["test/p"]["result"] = [true,null];
export {};
