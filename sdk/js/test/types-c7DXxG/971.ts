// nestedreferences/two deep repeated var
import type { Entrypoints } from "./971.policy.js";
const answer: Entrypoints["generated/p"]["result"] = [3];
export {};
