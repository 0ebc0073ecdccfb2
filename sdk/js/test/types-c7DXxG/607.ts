// jsonfilteridempotent/TestBuiltinJSONFilterIdempotent
import type { Entrypoints } from "./607.policy.js";
const answer: Entrypoints["generated/p"]["result"] = true;
export {};
