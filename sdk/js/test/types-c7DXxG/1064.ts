// objectget/path_with_non_string_keys
import type { Entrypoints } from "./1064.policy.js";
const answer: Entrypoints["test/p"]["result"] = 1;
export {};
