// objectget/get_intermediate_non_object
import type { Entrypoints } from "./1065.policy.js";
const answer: Entrypoints["test/p"]["result"] = 2;
export {};
