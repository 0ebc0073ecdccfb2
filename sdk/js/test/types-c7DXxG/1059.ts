// objectget/path_with_two_elements
import type { Entrypoints } from "./1059.policy.js";
const answer: Entrypoints["test/p"]["result"] = 1;
export {};
