// json_match_schema/success string document
import type { Entrypoints } from "./636.policy.js";
const answer: Entrypoints["test/p"]["result"] = [true,[]];
export {};
