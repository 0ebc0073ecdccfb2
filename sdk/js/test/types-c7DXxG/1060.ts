// objectget/path_with_three_elements
import type { Entrypoints } from "./1060.policy.js";
const answer: Entrypoints["test/p"]["result"] = 1;
export {};
