// json_match_schema/success
import type { Entrypoints } from "./635.policy.js";
const answer: Entrypoints["test/p"]["result"] = [true,[]];
export {};
