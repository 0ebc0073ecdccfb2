// completedoc/array: []
import type { Entrypoints } from "./180.policy.js";
const answer: Entrypoints["generated/p"]["result"] = [];
export {};
