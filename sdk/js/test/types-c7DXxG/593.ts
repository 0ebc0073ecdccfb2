// jsonbuiltins/marshal_with_options-explicit-disable
import type { Entrypoints } from "./593.policy.js";
const answer: Entrypoints["test/p"]["result"] = "[1234567890,2000000,1000000000]";
export {};
