// defaultkeyword/function with var arg, ref head query
import type { Entrypoints } from "./251.policy.js";
const answer: Entrypoints["test/foo"]["result"] = true;
export {};
