// nestedreferences/two deep
import type { Entrypoints } from "./970.policy.js";
const answer: Entrypoints["generated/p"]["result"] = [3,4];
export {};
