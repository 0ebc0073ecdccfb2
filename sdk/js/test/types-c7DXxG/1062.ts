// objectget/path_with_two_elements_no_result
import type { Entrypoints } from "./1062.policy.js";
const answer: Entrypoints["test/p"]["result"] = 2;
export {};
