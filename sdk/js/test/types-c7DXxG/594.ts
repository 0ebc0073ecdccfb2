// jsonbuiltins/marshal_with_options-prefix
import type { Entrypoints } from "./594.policy.js";
const answer: Entrypoints["test/p"]["result"] = "JSON => [\nJSON => \t1234567890,\nJSON => \t2000000,\nJSON => \t1000000000\nJSON => ]";
export {};
