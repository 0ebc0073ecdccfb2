// defaultkeyword/array comprehension
import type { Entrypoints } from "./254.policy.js";
const answer: Entrypoints["generated/p"]["result"] = ["1","2","3","4"];
export {};
