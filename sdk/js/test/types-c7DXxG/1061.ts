// objectget/path_with_single_element_no_result
import type { Entrypoints } from "./1061.policy.js";
const answer: Entrypoints["test/p"]["result"] = 2;
export {};
