// objectfilteridempotent/TestBuiltinObjectFilterIdempotent
import type { Entrypoints } from "./1050.policy.js";
const answer: Entrypoints["generated/p"]["result"] = true;
export {};
