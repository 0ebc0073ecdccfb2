// nestedreferences/var ref
import type { Entrypoints } from "./973.policy.js";
const answer: Entrypoints["generated/p"]["result"] = [2,3,4];
export {};
