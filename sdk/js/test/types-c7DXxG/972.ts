// nestedreferences/no suffix
import type { Entrypoints } from "./972.policy.js";
const answer: Entrypoints["generated/p"]["result"] = true;
export {};
