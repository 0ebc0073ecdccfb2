// jsonbuiltins/marshal_with_options-defaults
import type { Entrypoints } from "./592.policy.js";
const answer: Entrypoints["test/p"]["result"] = "[\n\t1234567890,\n\t2000000,\n\t1000000000\n]";
export {};
