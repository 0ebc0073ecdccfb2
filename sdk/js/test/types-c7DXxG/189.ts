// compositereferences/array
import type { Entrypoints } from "./189.policy.js";
const answer: Entrypoints["test/p"]["result"] = [1,2];
export {};
