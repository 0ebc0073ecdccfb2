// objectget/path_with_three_elements_no_result
import type { Entrypoints } from "./1063.policy.js";
const answer: Entrypoints["test/p"]["result"] = 2;
export {};
