// json_match_schema/success string schema
import type { Entrypoints } from "./637.policy.js";
const answer: Entrypoints["test/p"]["result"] = [true,[]];
export {};
