// jsonbuiltins/marshal_with_options-object
import type { Entrypoints } from "./595.policy.js";
const answer: Entrypoints["test/p"]["result"] = "JSON => {\nJSON => \t\"bar\": \"baz\",\nJSON => \t\"foo\": \"bar\"\nJSON => }";
export {};
