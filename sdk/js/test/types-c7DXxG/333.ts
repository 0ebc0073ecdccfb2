// evaltermexpr/set empty
import type { Entrypoints } from "./333.policy.js";
const answer: Entrypoints["generated/p"]["result"] = true;
export {};
