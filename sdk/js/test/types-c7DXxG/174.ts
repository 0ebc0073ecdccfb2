// completedoc/null
import type { Entrypoints } from "./174.policy.js";
const answer: Entrypoints["generated/p"]["result"] = null;
export {};
