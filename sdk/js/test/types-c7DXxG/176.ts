// completedoc/number: 3.0
import type { Entrypoints } from "./176.policy.js";
const answer: Entrypoints["generated/p"]["result"] = 3;
export {};
