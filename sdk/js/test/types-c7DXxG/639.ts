// json_match_schema/invalid schema
import type { Entrypoints } from "./639.policy.js";
const answer: Entrypoints["test/p"]["result"] = undefined;
export {};
