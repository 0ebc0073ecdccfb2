// completedoc/undefined
import type { Entrypoints } from "./173.policy.js";
const answer: Entrypoints["generated/p"]["result"] = undefined;
export {};
