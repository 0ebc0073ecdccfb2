// compositereferences/set
import type { Entrypoints } from "./191.policy.js";
const answer: Entrypoints["test/p"]["result"] = [1,2];
export {};
