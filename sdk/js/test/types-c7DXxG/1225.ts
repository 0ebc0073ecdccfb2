// rendertemplate/complex
import type { Entrypoints } from "./1225.policy.js";
const answer: Entrypoints["test/p"]["result"] = "hello rohan,hello john doe";
export {};
