// jsonbuiltins/marshal_with_options-explicit-indent
import type { Entrypoints } from "./590.policy.js";
const answer: Entrypoints["test/p"]["result"] = "[\n  1234567890,\n  2000000,\n  1000000000\n]";
export {};
