// jsonremoveidempotent/TestBuiltinJSONRemoveIdempotent
import type { Entrypoints } from "./634.policy.js";
const answer: Entrypoints["generated/p"]["result"] = true;
export {};
