// completedoc/array: [1,2,3,4]
import type { Entrypoints } from "./179.policy.js";
const answer: Entrypoints["generated/p"]["result"] = [1,2,3,4];
export {};
