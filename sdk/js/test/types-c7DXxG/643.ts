// json_verify_schema/invalid schema object
import type { Entrypoints } from "./643.policy.js";
const answer: Entrypoints["test/p"]["result"] = [false,"jsonschema: has a primitive type that is NOT VALID -- given: /unknown_type/ Expected valid values are:[array boolean integer number null object string]"];
export {};
