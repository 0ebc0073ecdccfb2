// nestedreferences/undefined
import type { Entrypoints } from "./974.policy.js";
const answer: Entrypoints["generated/p"]["result"] = undefined;
export {};
