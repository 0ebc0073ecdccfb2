// objectremoveidempotent/TestBuiltinObjectRemoveIdempotent
import type { Entrypoints } from "./1092.policy.js";
const answer: Entrypoints["generated/p"]["result"] = true;
export {};
