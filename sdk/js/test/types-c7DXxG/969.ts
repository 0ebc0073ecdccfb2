// nestedreferences/non-ground ref
import type { Entrypoints } from "./969.policy.js";
const answer: Entrypoints["generated/p"]["result"] = [2,3,4];
export {};
