// comprehensions/var bindings have no effect outside
import type { Entrypoints } from "./218.policy.js";
const answer: Entrypoints["test/p"]["result"] = 3;
export {};
