// reachable/components
import type { Entrypoints } from "./1145.policy.js";
const answer: Entrypoints["generated/p"]["result"] = ["b","d","e","f"];
export {};
