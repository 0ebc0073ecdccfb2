// defaultkeyword/object comprehension
import type { Entrypoints } from "./255.policy.js";
const answer: Entrypoints["generated/p"]["result"] = {"bar":"e","baz":"e"};
export {};
