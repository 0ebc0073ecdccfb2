// json_match_schema/invalid document
import type { Entrypoints } from "./638.policy.js";
const answer: Entrypoints["test/p"]["result"] = [false,[{"desc":"Invalid type. Expected: integer, given: string","error":"id: Invalid type. Expected: integer, given: string","field":"id","type":"invalid_type"}]];
export {};
