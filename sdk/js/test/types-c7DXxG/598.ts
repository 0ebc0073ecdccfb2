// jsonbuiltins/marshal_with_options-invalid-key
import type { Entrypoints } from "./598.policy.js";
const answer: Entrypoints["test/p"]["result"] = undefined;
export {};
