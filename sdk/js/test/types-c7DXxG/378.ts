// fix1863/is defined
import type { Entrypoints } from "./378.policy.js";
const answer: Entrypoints["x"]["result"] = {"p":{}};
export {};
