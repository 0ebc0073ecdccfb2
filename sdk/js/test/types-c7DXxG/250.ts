// defaultkeyword/function with var arg, ref head
import type { Entrypoints } from "./250.policy.js";
const answer: Entrypoints["test"]["result"] = {"p":{"q":{"r":{}}}};
export {};
