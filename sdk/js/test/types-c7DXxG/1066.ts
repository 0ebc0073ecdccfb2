// objectget/get_intermediate_array
import type { Entrypoints } from "./1066.policy.js";
const answer: Entrypoints["test/p"]["result"] = 1;
export {};
