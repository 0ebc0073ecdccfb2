// jsonbuiltins/marshal_with_options-empty-object
import type { Entrypoints } from "./591.policy.js";
const answer: Entrypoints["test/p"]["result"] = "[1234567890,2000000,1000000000]";
export {};
