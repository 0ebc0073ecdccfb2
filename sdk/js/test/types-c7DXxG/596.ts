// jsonbuiltins/marshal_with_options-empty-array
import type { Entrypoints } from "./596.policy.js";
const answer: Entrypoints["test/p"]["result"] = "---[]";
export {};
