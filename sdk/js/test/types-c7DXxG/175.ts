// completedoc/number: 3
import type { Entrypoints } from "./175.policy.js";
const answer: Entrypoints["generated/p"]["result"] = 3;
export {};
