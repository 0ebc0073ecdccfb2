// objectget/path_with_single_element
import type { Entrypoints } from "./1058.policy.js";
const answer: Entrypoints["test/p"]["result"] = 1;
export {};
